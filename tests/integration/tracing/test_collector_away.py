"""A collector that is away, or says nothing, is nobody's trouble: not a command's, not an end's."""

import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices, logged
from tests.support.office import open_office
from tests.support.waiting import eventually

BOUND_SECONDS = 15.0
SLACK_SECONDS = 5.0


@pytest.fixture(params=["refuses", "says nothing"])
def endpoint(request: pytest.FixtureRequest) -> Iterator[str]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        if request.param == "says nothing":
            listening.listen(64)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    await services.prepare()
    yield services
    await services.remove()


async def test_commands_are_answered_and_the_process_ends_in_time(
    services: RunningServices, endpoint: str
) -> None:
    registry = services.process(
        "registry",
        settings={
            "KENTONGAN_TRACING_OTLP_ENDPOINT": endpoint,
            "KENTONGAN_TRACING_SAMPLE_RATIO": "1",
            "KENTONGAN_SHUTDOWN_SECONDS": str(BOUND_SECONDS),
        },
    )
    await services.start(registry)
    async with open_office(registry.base_url, seed=7) as office:
        await office.register(5)
        await eventually(lambda: bool(logged(registry, "tracing.collector_away")), what="said")
        await office.register(5)
        assert len(office.groups) == 10
        assert office.repeated == 0

        began = time.monotonic()
        await registry.stop(seconds=60)

    assert registry.returncode == 0
    assert time.monotonic() - began < BOUND_SECONDS + SLACK_SECONDS
    assert len(logged(registry, "tracing.collector_away")) == 1, "it is said once"
    assert "opentelemetry" not in registry.log_file.read_text()
    assert "Traceback" not in registry.log_file.read_text()
