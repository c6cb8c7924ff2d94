"""Broadcast as its tests are given it."""

from collections.abc import AsyncIterator

import pytest

from kentongan.testing.environment import Backends
from tests.integration.broadcast.couriers import courier_process
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.receiver import Receiver, receiving
from tests.integration.broadcast.running import Running
from tests.support.clock import Clock
from tests.support.running import run


@pytest.fixture
async def broadcast(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async for one in run(Running, stack, mongo_database_name, Clock()):
        yield one


@pytest.fixture
def diskominfo(broadcast: Running) -> Desk:
    return broadcast.desk("diskominfo")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


@pytest.fixture
async def running(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    """With a courier that works when it is told to."""
    async with courier_process(stack, mongo_database_name, Clock()) as one:
        yield one


@pytest.fixture
def office(running: Running) -> Desk:
    return running.desk("diskominfo")
