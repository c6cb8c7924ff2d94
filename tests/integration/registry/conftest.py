"""The registry on a real MongoDB, reached over its HTTP interface; no Kafka, no relay."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from kentongan.http import authenticator, create_application
from kentongan.process.service import Assembly, Resources, utc_now
from kentongan.storage.driver import Database, close, connect, open_database
from kentongan.storage.plan import apply
from kentongan.testing.environment import Backends
from services.registry.app import service
from services.registry.settings import RegistrySettings
from tests.integration.registry.desk import Desk, token


@dataclass(frozen=True)
class Running:
    """One process of the registry: its application and what it was assembled from."""

    assembly: Assembly
    database: Database
    client: httpx.AsyncClient

    def desk(self, *roles: str, region: str | None = "36.71", **claims: str) -> Desk:
        return Desk(self.client, token(*roles, region=region, **claims))

    @property
    def public(self) -> Desk:
        return Desk(self.client, {})


async def _ready() -> dict[str, bool]:
    return {}


async def run(stack: Backends, name: str) -> AsyncIterator[Running]:
    mongo = connect(stack.mongo_uri, application="test-registry")
    database = open_database(mongo, name)
    settings = RegistrySettings(environment="development")
    assembly = service.assemble(Resources(settings=settings, client=mongo, database=database))
    await apply(database, [store.layout for store in assembly.stores])
    app = create_application(
        service_name=service.name,
        title=service.title,
        description=service.description,
        routers=assembly.routers,
        problems=assembly.problems,
        auth=authenticator(settings.auth, settings.environment),
        readiness=_ready,
        clock=utc_now,
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
        yield Running(assembly, database, client)
    close(mongo)


@pytest.fixture
async def registry(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async for running in run(stack, mongo_database_name):
        yield running


@pytest.fixture
async def second_registry(stack: Backends, registry: Running) -> AsyncIterator[Running]:
    """Another process on the same database: its turns know nothing of the first one's."""
    async for running in run(stack, registry.database.name):
        yield running


@pytest.fixture
def diskominfo(registry: Running) -> Desk:
    return registry.desk("diskominfo")
