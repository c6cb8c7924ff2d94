"""Bad requests as rows of a table, and what a refusal must look like."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import jwt

from kentongan.http import sign_development_token
from kentongan.local.service_process import ServiceProcess
from kentongan.testing.assemblies import assemble
from kentongan.testing.running_services import RunningServices
from tests.support.desk import token

Contents = dict[str, dict[str, Any]]
_KEPT = ("version", "state", "keys", "decisions")
"""All of an aggregate but its outbox, which the relay empties in its own time."""

_GAP = re.compile(r"\{[a-z_]+\}|…")
"""A sentence's fact that nobody filled in."""

_OFFICE = {"sub": "office", "roles": ["diskominfo"], "region": "36.71"}
_SIGNED = sign_development_token(_OFFICE)
CALLERS: dict[str, dict[str, str]] = {
    "office": token("diskominfo"),
    "foreign": token("diskominfo", region="18.72"),
    "half a region": token("diskominfo", region="36.7"),
    "judge": token("judge"),
    "nobody": {},
    "garbage": {"Authorization": "Bearer x.y.z"},
    "basic": {"Authorization": "Basic b2ZmaWNlOm9mZmljZQ=="},
    "expired": {"Authorization": f"Bearer {sign_development_token(_OFFICE, timedelta(hours=-1))}"},
    "tampered": {"Authorization": f"Bearer {_SIGNED[:-8]}AAAAAAAA"},
    "unsigned": {
        "Authorization": "Bearer "
        + jwt.encode(_OFFICE, None, algorithm="none", headers={"kid": "development"})
    },
}


@dataclass(frozen=True)
class Bad:
    """A request and the refusal that it meets.

    `path` may name what is stored (`{registered}`). `at` is where the fault lies: `#/name` in
    the body, `?limit` in the address, `If-Match` among the headers; None for the request as such.
    """

    what: str
    request: str
    status: int
    rule: str
    at: str | None = None
    fault: str | None = None
    """The rule that the field breaks, where it isn't the document's own."""
    body: Any = None
    caller: str = "office"
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Scene:
    """A service, and what a table's rows speak of: ids by name, callers beside the usual ones."""

    services: RunningServices
    process: ServiceProcess
    places: Mapping[str, str]
    callers: Mapping[str, dict[str, str]] = field(default_factory=dict)

    def client(self) -> httpx.AsyncClient:
        """A client of the service, to be closed."""
        return httpx.AsyncClient(base_url=self.process.base_url, trust_env=False)

    async def contents(self) -> Contents:
        """All aggregates of the service as they are stored."""
        found: Contents = {}
        async with self.services.database(self.process.name) as database:
            for store in assemble(self.process.name).assembly.stores:
                documents = await database[store.name].find({}).to_list(None)
                found[store.name] = {
                    one["_id"]: {part: one.get(part) for part in _KEPT} for one in documents
                }
        return found


async def assert_turned_away(scene: Scene, bad: Bad) -> None:
    """What a row asks for is refused as the row says, and nothing is written."""
    before = await scene.contents()

    async with scene.client() as client:
        answer = await ask(client, bad, scene)

    assert_refused(answer, bad)
    assert changed(before, await scene.contents()) == []


async def ask(client: httpx.AsyncClient, bad: Bad, scene: Scene) -> httpx.Response:
    """Send the request of a row."""
    places = scene.places
    method, path = bad.request.format_map(places).split(" ")
    sent: dict[str, Any] = {}
    headers = {**CALLERS, **scene.callers}[bad.caller] | {
        name: value.format_map(places) for name, value in bad.headers.items()
    }
    if isinstance(bad.body, str):
        sent["content"] = bad.body.encode()
        headers.setdefault("Content-Type", "application/json")
    elif bad.body is not None:
        sent["json"] = _filled(bad.body, places)
    return await client.request(method, f"/v1{path}", headers=headers, **sent)


def assert_refused(answer: httpx.Response, bad: Bad) -> None:
    """A problem document with status, rule and field, in both languages."""
    assert answer.status_code == bad.status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == bad.status
    assert problem["rule"] == bad.rule, problem
    assert problem["type"] == f"urn:kentongan:problem:{bad.rule}"
    assert problem["instance"] == answer.request.url.path
    assert problem["correlation_id"] == answer.headers["x-correlation-id"]
    for told in (problem, *problem.get("errors", [])):
        assert told["detail"] != told["detail_en"]
        assert told["detail"].strip()
        assert told["detail_en"].strip()
        assert not _GAP.search(told["detail"] + told["detail_en"]), told
    assert problem["title"] != problem["title_en"]
    if bad.at is not None:
        faults = [(_place(error), error["rule"]) for error in problem["errors"]]
        assert (bad.at, bad.fault or bad.rule) in faults, faults


def changed(before: Contents, after: Contents) -> list[str]:
    """The documents that differ, for a message that can be read."""
    return [
        f"{name}: {one}"
        for name in after
        for one in before[name].keys() | after[name].keys()
        if before[name].get(one) != after[name].get(one)
    ]


def _place(error: Mapping[str, str]) -> str | None:
    if "pointer" in error:
        return error["pointer"]
    return f"?{error['parameter']}" if "parameter" in error else error.get("header")


def _filled(body: Any, places: Mapping[str, str]) -> Any:
    text = json.dumps(body)
    for name, value in places.items():
        text = text.replace(f"<{name}>", value)
    return json.loads(text)
