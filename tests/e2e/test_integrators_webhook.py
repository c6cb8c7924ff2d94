"""The webhook receiver printed in docs/integrators.md runs as it stands, against the service."""

import asyncio
import itertools
import json
import os
import shlex
import string
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kentongan.demo.clients.tokens import Tokens
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from tests.e2e.printed import printed
from tests.support.waiting import eventually

SECTION = "Receive a webhook"
TOKENS = Tokens("36.71")
WRITING = {
    "title": "Jadwal imunisasi",
    "summary": "Imunisasi gratis di semua posyandu.",
    "body": "Imunisasi **gratis**, Sabtu pukul 08.00.",
}
ReadLine = Callable[[], Awaitable[str]]


@pytest.fixture
async def broadcast(stack: Backends, tmp_path: Path) -> AsyncIterator[str]:
    """The address of the service, all roles in one process; it may call loopback."""
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    await services.prepare()
    process = services.process(
        "broadcast", settings={"KENTONGAN_BROADCAST_PRIVATE_TARGETS": "true"}
    )
    await services.start(process)
    yield process.base_url
    await services.remove()


class Calling:
    """The service as one caller uses it."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    async def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answered = await self._client.post(f"/v1{path}", json=body, headers=self._headers)
        assert answered.is_success, answered.text
        return dict(answered.json())

    async def get(self, path: str) -> dict[str, Any]:
        answered = await self._client.get(f"/v1{path}", headers=self._headers)
        assert answered.is_success, answered.text
        return dict(answered.json())


async def run_printed_command(client: httpx.AsyncClient, **variables: str) -> httpx.Response:
    """What curl would send; it isn't on every machine."""
    printed_command = printed("integrators.md", SECTION, "sh").replace("'\"$ADDRESS\"'", "$ADDRESS")
    expanded = string.Template(printed_command).substitute(variables)
    curl, *words = shlex.split(expanded.replace("\\\n", " "))
    assert curl == "curl"
    options = list(itertools.pairwise(words))
    (method,) = [value for option, value in options if option == "-X"]
    (body,) = [value for option, value in options if option == "-d"]
    headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
    (url,) = [word for word in words if word.startswith("http://")]
    return await client.request(method, url, headers=headers, content=body)


@asynccontextmanager
async def receiver(folder: Path, port: int, secret: str) -> AsyncIterator[ReadLine]:
    """The printed program at work, and what it prints, line by line."""
    program = folder / "receiver.py"
    program.write_text(printed("integrators.md", SECTION, "python"))
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        env={
            **os.environ,
            "PORT": str(port),
            "WEBHOOK_SECRET": secret,
            "RECEIVED": str(folder / "received.db"),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    assert running.stdout is not None
    lines = running.stdout

    async def line() -> str:
        return (await asyncio.wait_for(lines.readline(), 90)).decode().rstrip("\n")

    try:
        yield line
    finally:
        running.terminate()
        await running.wait()


async def test_the_printed_receiver_takes_each_edition_once_through_rotation_and_replay(
    broadcast: str, tmp_path: Path, free_port: int
) -> None:
    address = f"http://127.0.0.1:{free_port}/"
    async with httpx.AsyncClient(base_url=broadcast, trust_env=False, timeout=30) as client:
        registered = await run_printed_command(
            client,
            BROADCAST=broadcast,
            TOKEN=await TOKENS.integrator("portal").token(),
            ADDRESS=address,
        )
        assert registered.status_code == 201, registered.text
        channel = f"/channels/{registered.json()['id']}"
        integrator = Calling(client, await TOKENS.integrator("portal").token())
        office = Calling(client, await TOKENS.diskominfo().token())
        content = (await office.post("/contents", {"kind": "information", **WRITING}))["id"]

        async with receiver(tmp_path, free_port, registered.json()["secret"]) as line:
            await office.post(f"/contents/{content}/review")
            await office.post(f"/contents/{content}/publication", {})
            assert await line() == "content.published 1 Jadwal imunisasi"

            # The receiver keeps the old secret, and still verifies.
            assert (await integrator.post(f"{channel}/secret"))["secret"].startswith("whsec_")
            await _correct(office, content, "Jadwal baru")
            assert await line() == "content.corrected 2 Jadwal baru"

            (delivery,) = await _delivered(integrator, channel, edition=2)
            await integrator.post(f"/deliveries/{delivery['id']}/replay")
            await eventually(
                lambda: _replayed(integrator, channel, delivery["id"]), what="the replay"
            )
            # Had the replay been taken for news, it would stand before this line.
            await _correct(office, content, "Jadwal terakhir")
            assert await line() == "content.corrected 3 Jadwal terakhir"

            forged = {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
            refused = await client.post(address, content=json.dumps({}), headers=forged)
            assert refused.status_code == 400


async def _correct(office: Calling, content: str, title: str) -> None:
    await office.post(
        f"/contents/{content}/correction", {**WRITING, "title": title, "reason": "Jamnya keliru."}
    )


async def _delivered(integrator: Calling, channel: str, *, edition: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        listed = await integrator.get(f"{channel}/deliveries?status=delivered")
        found[:] = [each for each in listed["items"] if each["edition"] == edition]
        return bool(found)

    await eventually(there, what=f"edition {edition} delivered")
    return found


async def _replayed(integrator: Calling, channel: str, delivery_id: str) -> bool:
    listed = await integrator.get(f"{channel}/deliveries?status=delivered")
    return [each["replays"] for each in listed["items"] if each["id"] == delivery_id] == [1]
