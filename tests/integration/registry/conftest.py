"""The registry as its tests run it."""

from collections.abc import AsyncIterator

import pytest

from kentongan.testing.environment import Backends
from services.registry.app import service
from tests.integration.registry.desk import Desk
from tests.support import running
from tests.support.clock import Clock
from tests.support.running import run


class Running(running.Running[Desk]):
    """One process of the registry."""

    service = service
    desk_of_service = Desk


@pytest.fixture
async def registry(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async for one in run(Running, stack, mongo_database_name, Clock()):
        yield one


@pytest.fixture
async def second_registry(stack: Backends, registry: Running) -> AsyncIterator[Running]:
    """Another process on the same database: its turns know nothing of the first one's."""
    async for one in run(Running, stack, registry.database.name, registry.clock):
        yield one


@pytest.fixture
def diskominfo(registry: Running) -> Desk:
    return registry.desk("diskominfo")
