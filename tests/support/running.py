"""A service on a real MongoDB, reached over its HTTP interface; no Kafka, no relay, no consumer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

import httpx

from kentongan.contracts.event import Event
from kentongan.http import authenticator, create_application
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.process.storage_layout import layouts_of
from kentongan.storage.driver import Database, close, connect, open_database
from kentongan.storage.plan import apply
from kentongan.storage.projections.directory import Directory, DirectoryEntry
from kentongan.testing.environment import Backends
from tests.support.clock import Clock
from tests.support.desk import Desk, token

AnyDesk = TypeVar("AnyDesk", bound=Desk)
AnyRunning = TypeVar("AnyRunning", bound="Running[Any]")


@dataclass
class Running(Generic[AnyDesk]):
    """One process of a service: its application and what it was assembled from."""

    service: ClassVar[ServiceDefinition]
    desk_of_service: ClassVar[type[Desk]]

    assembly: Assembly
    database: Database
    client: httpx.AsyncClient
    clock: Clock
    versions: dict[str, int] = field(default_factory=dict)

    def desk(self, *roles: str, region: str | None = "36.71", **claims: str) -> AnyDesk:
        """The service as a caller with these roles uses it."""
        return self._desk(token(*roles, region=region, **claims))

    @property
    def public(self) -> AnyDesk:
        """The service without a token."""
        return self._desk({})

    async def tell(self, directory: str, event: Event) -> None:
        """Put a state event into a directory as the newest version: the consumer's work."""
        (subscription,) = [
            one for one in self.assembly.subscriptions.read_models if one.name == directory
        ]
        version = self.versions[event.key] = self.versions.get(event.key, 0) + 1
        told = DirectoryEntry(
            event.key, version, event.contract.type, self.clock.now, subscription.entry(event)
        )
        await Directory(self.database, directory).apply([told])

    async def react(self, name: str) -> int:
        """Run a reaction as the consumer role does at start and every minute."""
        (reaction,) = [each for each in self.assembly.subscriptions.reactions if each.name == name]
        return await reaction.step()

    async def outbox(self, collection: str, aggregate_id: str) -> list[dict[str, Any]]:
        """The events that wait in an aggregate's document."""
        document = await self.database[collection].find_one({"_id": aggregate_id})
        assert document is not None
        return list(document["outbox"])

    def _desk(self, headers: dict[str, str]) -> AnyDesk:
        return self.desk_of_service(self.client, headers, self.clock)  # type: ignore[return-value]


async def run(
    process: type[AnyRunning], stack: Backends, name: str, clock: Clock, **settings: Any
) -> AsyncIterator[AnyRunning]:
    """The service of this kind of process, on a database of this name."""
    service = process.service
    chosen = service.settings(environment="development", **settings)
    mongo = connect(stack.mongo_uri, application=f"test-{service.name}")
    database = open_database(mongo, name)
    assembly = service.assemble(
        Resources(settings=chosen, client=mongo, database=database, clock=clock)
    )
    await apply(database, layouts_of(assembly, database))
    app = create_application(
        service_name=service.name,
        title=service.title,
        description=service.description,
        routers=assembly.routers,
        problems=assembly.problems,
        auth=authenticator(chosen.auth, chosen.environment),
        readiness=_ready,
        clock=clock,
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{service.name}") as client:
        yield process(assembly, database, client, clock)
    close(mongo)


async def _ready() -> dict[str, bool]:
    return {}
