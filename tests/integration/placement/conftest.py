"""Placement on a real MongoDB, reached over its HTTP interface; no Kafka, no relay."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from kentongan.http import authenticator, create_application
from kentongan.messaging.read_models.bound import bind
from kentongan.process.service import Assembly, Resources
from kentongan.storage.driver import Database, close, connect, open_database
from kentongan.storage.plan import apply
from kentongan.storage.projections.directory import Directory, DirectoryEntry
from kentongan.testing.environment import Backends
from services.placement.app import service
from services.placement.settings import PlacementSettings
from tests.integration.placement.desk import Desk, kim_event, token


@dataclass
class Clock:
    """The service's clock; a test may move it."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: int) -> None:
        self.now += timedelta(**by)


@dataclass
class Running:
    """One process of placement: its application and what it was assembled from."""

    assembly: Assembly
    database: Database
    client: httpx.AsyncClient
    clock: Clock
    versions: dict[str, int] = field(default_factory=dict)

    def desk(self, *roles: str, region: str | None = "36.71", **claims: str) -> Desk:
        return Desk(self.client, token(*roles, region=region, **claims), self.clock)

    @property
    def public(self) -> Desk:
        return Desk(self.client, {}, self.clock)

    async def tell_kim(self, number: int, status: str = "registered", **changed: object) -> str:
        """What an event of the registry would tell: the consumer's work, without Kafka."""
        event = kim_event(number, status, self.clock.now.date(), **changed)
        version = self.versions[event.kim_id] = self.versions.get(event.kim_id, 0) + 1
        subscription = self.assembly.subscriptions.read_models[0]
        directory = Directory(self.database, subscription.name)
        entry = subscription.entry(event)
        told = DirectoryEntry(event.kim_id, version, event.contract.type, self.clock.now, entry)
        await directory.apply([told])
        return event.kim_id

    async def react(self, name: str) -> int:
        """Run a reaction as the consumer role does at start and every minute."""
        (reaction,) = [each for each in self.assembly.subscriptions.reactions if each.name == name]
        return await reaction.step()

    async def recorded(self, collection: str, aggregate_id: str) -> list[str]:
        """The names of the events that wait in an aggregate's outbox."""
        document = await self.database[collection].find_one({"_id": aggregate_id})
        assert document is not None
        return [str(entry["type"]).split(".")[-2] for entry in document["outbox"]]


async def _ready() -> dict[str, bool]:
    return {}


async def run(stack: Backends, name: str, clock: Clock) -> AsyncIterator[Running]:
    mongo = connect(stack.mongo_uri, application="test-placement")
    database = open_database(mongo, name)
    settings = PlacementSettings(environment="development", placement_plan_students=40)
    assembly = service.assemble(
        Resources(settings=settings, client=mongo, database=database, clock=clock)
    )
    read_models = bind(assembly.subscriptions, database)
    await apply(
        database,
        [
            *(store.layout for store in assembly.stores),
            *(read_model.projection.layout for read_model in read_models),
        ],
    )
    app = create_application(
        service_name=service.name,
        title=service.title,
        description=service.description,
        routers=assembly.routers,
        problems=assembly.problems,
        auth=authenticator(settings.auth, settings.environment),
        readiness=_ready,
        clock=clock,
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://placement") as client:
        yield Running(assembly, database, client, clock)
    close(mongo)


@pytest.fixture
async def placement(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async for running in run(stack, mongo_database_name, Clock()):
        yield running


@pytest.fixture
async def second_placement(stack: Backends, placement: Running) -> AsyncIterator[Running]:
    """Another process on the same database."""
    async for running in run(stack, placement.database.name, placement.clock):
        yield running


@pytest.fixture
def diskominfo(placement: Running) -> Desk:
    return placement.desk("diskominfo")
