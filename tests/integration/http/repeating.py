"""One command sent several times under one key, and that key sent with something else."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.integration.http.refusing import Bad, Scene, ask, assert_refused, changed


@dataclass(frozen=True)
class Repeated:
    """A good command, and another payload for the same key."""

    what: str
    request: str
    status: int
    body: Any
    other: Any
    documents: int | None = 1
    """How many it writes; None for some."""
    caller: str = "office"
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.what


async def assert_repeatable(scene: Scene, repeated: Repeated) -> None:
    """At once and one after the other: one answer, written once; then another payload."""
    key = {**repeated.headers, "Idempotency-Key": uuid.uuid4().hex}
    row = Bad(
        repeated.what,
        repeated.request,
        repeated.status,
        rule="",
        body=repeated.body,
        caller=repeated.caller,
        headers=key,
    )
    before = await scene.contents()

    async with scene.client() as client:
        at_once = await asyncio.gather(*(ask(client, row, scene) for _ in range(4)))
        written = await scene.contents()
        later = await ask(client, row, scene)

        answers = [*at_once, later]
        assert [one.status_code for one in answers] == [repeated.status] * 5, answers[0].text
        assert all(one.json() == later.json() for one in answers)
        assert {one.headers.get("etag") for one in answers} == {later.headers.get("etag")}
        first = [one for one in answers if "idempotency-replayed" not in one.headers]
        assert len(first) == 1
        documents = len(changed(before, written))
        assert documents == repeated.documents or (documents and repeated.documents is None)
        assert changed(written, await scene.contents()) == []

        reused = replace(
            row,
            status=422,
            rule="idempotency-key-reused",
            at="Idempotency-Key",
            body=repeated.other,
        )
        assert_refused(await ask(client, reused, scene), reused)
    assert changed(written, await scene.contents()) == []
