"""`kentongan up` as a person meets it: what it prints can be typed, and Ctrl-C ends all of it."""

import shlex
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kentongan.local.polling import wait_until
from kentongan.local.processes import ChildProcess
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices

START_SECONDS = 150.0
SERVICES = {"registry", "placement", "broadcast", "scoring"}


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    yield services
    await services.remove()


async def send(client: httpx.AsyncClient, line: str) -> httpx.Response:
    """What the printed command line would send."""
    words = shlex.split(line)[1:]
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    address = next(word for word in words if word.startswith("http://"))
    if "-d" not in words:
        return await client.get(address, headers=headers)
    body = words[words.index("-d") + 1]
    return await client.post(address, headers=headers, content=body)


@pytest.mark.timeout(START_SECONDS + 120)
async def test_what_up_prints_can_be_typed(services: RunningServices, tmp_path: Path) -> None:
    log = tmp_path / "up.log"
    up = ChildProcess(
        "up",
        [sys.executable, "-m", "kentongan", "up"],
        log_file=log,
        environment={**services.environment, "KENTONGAN_DATA_FOLDER": str(tmp_path / "data")},
    )
    up.start()
    try:
        ready = await wait_until(
            lambda: up.returncode is not None or "Ctrl-C" in log.read_text(),
            seconds=START_SECONDS,
        )
        printed = log.read_text()
        assert ready
        assert up.returncode is None, printed
        lines = [line.strip() for line in printed.splitlines()]
        assert {line.split()[0] for line in lines if line.endswith("/docs")} == SERVICES
        named = {line.split()[0]: line.split()[1] for line in lines if len(line.split()) == 2}
        assert named["kafka"] == services.kafka_bootstrap
        assert named["mongodb"] == "KENTONGAN_MONGO_URI"
        assert {"judge:", "integrator:", "resident:"} <= {line.split(" ")[0] for line in lines}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answers = [await send(client, line) for line in lines if line.startswith("curl ")]
        statuses = [answer.status_code for answer in answers]
        assert statuses == [201, 200] * len(SERVICES), [answer.text for answer in answers]
        up.send(signal.SIGINT)
        assert await up.wait_ended(seconds=60) == 0
    finally:
        await up.stop(seconds=60)
