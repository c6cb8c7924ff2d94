"""Scoring as its tests run it."""

from collections.abc import AsyncIterator

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.settings import KafkaSettings
from kentongan.testing.environment import Backends
from services.scoring.app import service
from tests.support import running
from tests.support.clock import Clock
from tests.support.desk import Desk
from tests.support.running import run


class Running(running.Running[Desk]):
    """One process of scoring."""

    service = service
    desk_of_service = Desk


@pytest.fixture
async def scoring(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async for one in run(Running, stack, mongo_database_name, Clock()):
        yield one


@pytest.fixture
async def second_scoring(stack: Backends, scoring: Running) -> AsyncIterator[Running]:
    """Another process on the same database, with a clock of its own."""
    async for one in run(Running, stack, scoring.database.name, Clock(scoring.clock.now)):
        yield one


@pytest.fixture
def diskominfo(scoring: Running) -> Desk:
    return scoring.desk("diskominfo")


@pytest.fixture
async def small_chunks(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async for one in run(Running, stack, mongo_database_name, Clock(), scoring_closing_chunk=5):
        yield one


@pytest.fixture
async def second_scoring_here(stack: Backends, small_chunks: Running) -> AsyncIterator[Running]:
    """Another process on the same database."""
    clock, name = Clock(small_chunks.clock.now), small_chunks.database.name
    async for one in run(Running, stack, name, clock, scoring_closing_chunk=5):
        yield one


@pytest.fixture
async def kafka(stack: Backends, topic_prefix: str) -> KafkaSettings:
    """Topics of this test alone."""
    settings = KafkaSettings(bootstrap_servers=stack.kafka_bootstrap, topic_prefix=topic_prefix)
    await topics.apply(settings, CATALOGUE)
    return settings
