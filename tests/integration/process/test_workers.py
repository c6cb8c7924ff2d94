"""A role of one service alone: begun once storage is in order, ended before what relays for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.process.composition import connected
from kentongan.process.roles import Roles
from kentongan.process.service import Assembly, Resources
from kentongan.process.storage_layout import layouts_of
from kentongan.settings import KafkaSettings, MongoSettings
from kentongan.storage import plan
from kentongan.storage.errors import StorageNotPrepared
from kentongan.testing.environment import Backends
from services.broadcast.app import service
from services.broadcast.settings import BroadcastSettings

Wired = tuple[Assembly, Resources]


@dataclass
class Noting:
    """A worker that notes when it is begun and ended."""

    name: str
    happened: list[str]

    def wake(self) -> None:
        """What the kit's own roles offer to those who record."""

    async def start(self) -> None:
        self.happened.append(f"{self.name} started")

    async def stop(self) -> None:
        self.happened.append(f"{self.name} stopped")


@pytest.fixture
async def unprepared(
    stack: Backends, mongo_database_name: str, topic_prefix: str
) -> AsyncIterator[Wired]:
    settings = BroadcastSettings(
        environment="development",
        mongo=MongoSettings(uri=stack.mongo_uri, database_prefix=f"{mongo_database_name}_"),
        kafka=KafkaSettings(bootstrap_servers=stack.kafka_bootstrap, topic_prefix=topic_prefix),
    )
    async with connected(service, settings) as (assembly, resources):
        yield assembly, resources


@pytest.fixture
async def wired(unprepared: Wired) -> Wired:
    assembly, resources = unprepared
    await plan.apply(resources.database, layouts_of(assembly, resources.database))
    await topics.apply(resources.settings.kafka, CATALOGUE)
    return unprepared


def roles(wired: Wired, happened: list[str], *played: str) -> Roles:
    """The service's roles with a worker of the test's own in place of the courier."""
    assembly, resources = wired
    workers = {"courier": Noting("courier", happened)}
    return Roles(service, replace(assembly, workers=workers), resources, played=played)


def fail(reason: str) -> None:
    raise AssertionError(reason)


async def test_a_worker_runs_where_its_role_is_played_and_nowhere_else(wired: Wired) -> None:
    happened: list[str] = []
    elsewhere = roles(wired, happened, "api")
    await elsewhere.start(fail)
    await elsewhere.stop()
    assert happened == []

    alone = roles(wired, happened, "courier")
    await alone.start(fail)
    assert happened == ["courier started"]
    await alone.stop()
    assert happened == ["courier started", "courier stopped"]


async def test_no_worker_begins_before_storage_is_in_order(unprepared: Wired) -> None:
    happened: list[str] = []
    early = roles(unprepared, happened, "courier")
    with pytest.raises(StorageNotPrepared):
        await early.start(fail)
    assert happened == []


async def test_a_worker_begins_last_and_ends_first(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it needs is there before it; what it records at its end is still relayed."""
    happened: list[str] = []
    for role in ("ConsumerLoop", "Reactions", "Relay"):
        part = Noting(role, happened)
        monkeypatch.setattr(f"kentongan.process.roles.{role}", lambda part=part, **_: part)
    everything = roles(wired, happened, "consumer", "relay", "courier")

    await everything.start(fail)
    await everything.stop()

    assert happened == [
        "ConsumerLoop started",
        "Reactions started",
        "Relay started",
        "courier started",
        "courier stopped",
        "ConsumerLoop stopped",
        "Reactions stopped",
        "Relay stopped",
    ]
