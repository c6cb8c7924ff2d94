"""An orderly end is bounded, also where the group waits for a member that crashed."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices, logged
from tests.support.waiting import eventually

SESSION_SECONDS = 30
"""The default: so long does the broker wait for the crashed one before it lets another in."""
BOUND_SECONDS = 23.0


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    services.environment["KENTONGAN_KAFKA_SESSION_TIMEOUT_SECONDS"] = str(SESSION_SECONDS)
    await services.prepare()
    yield services
    await services.remove()


async def test_a_process_that_waits_to_join_its_group_ends_when_told(
    services: RunningServices,
) -> None:
    registry = services.process("registry")
    await services.start(registry)
    await eventually(lambda: bool(logged(registry, "consumer.started")), what="it has joined")
    await registry.kill()
    await services.start(registry)
    await eventually(lambda: len(logged(registry, "roles.started")) == 2, what="it is back")

    began = time.monotonic()
    await registry.stop(seconds=60)

    assert len(logged(registry, "consumer.started")) == 1, "it had joined already"
    assert registry.returncode == 0
    assert time.monotonic() - began < BOUND_SECONDS
