"""Placement as its tests run it."""

from collections.abc import AsyncIterator

import pytest

from kentongan.testing.environment import Backends
from services.placement.app import service
from tests.integration.placement.desk import Desk, kim_event
from tests.support import running
from tests.support.clock import Clock
from tests.support.running import run

PLAN_STUDENTS = 40
"""The most students of a plan, so that a test of that limit stays quick."""


class Running(running.Running[Desk]):
    """One process of placement."""

    service = service
    desk_of_service = Desk

    async def tell_kim(self, number: int, status: str = "registered", **changed: object) -> str:
        """What an event of the registry would tell; the group's id."""
        event = kim_event(number, status, self.clock.today(), **changed)
        await self.tell("kims", event)
        return event.kim_id

    async def recorded(self, collection: str, aggregate_id: str) -> list[str]:
        """The names of the events that wait in an aggregate's outbox."""
        waiting = await self.outbox(collection, aggregate_id)
        return [str(entry["type"]).split(".")[-2] for entry in waiting]


@pytest.fixture
async def placement(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    settings = {"placement_plan_students": PLAN_STUDENTS}
    async for one in run(Running, stack, mongo_database_name, Clock(), **settings):
        yield one


@pytest.fixture
async def second_placement(stack: Backends, placement: Running) -> AsyncIterator[Running]:
    """Another process on the same database."""
    name, settings = placement.database.name, {"placement_plan_students": PLAN_STUDENTS}
    async for one in run(Running, stack, name, placement.clock, **settings):
        yield one


@pytest.fixture
def diskominfo(placement: Running) -> Desk:
    return placement.desk("diskominfo")
