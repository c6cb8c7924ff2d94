"""Processes of services on the stack of this run, with settings of their own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    await services.prepare()
    yield services
    await services.remove()
