from collections.abc import AsyncIterator

import pytest

from kentongan.storage import plan
from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Client, Database, close, connect, open_database
from kentongan.testing.environment import Backends
from tests.integration.storage.drums import Drum, drum_store


@pytest.fixture
async def client(stack: Backends) -> AsyncIterator[Client]:
    client = connect(stack.mongo_uri, application="storage-tests")
    yield client
    close(client)


@pytest.fixture
async def database(client: Client, mongo_database_name: str) -> Database:
    return open_database(client, mongo_database_name)


@pytest.fixture
async def drums(database: Database) -> AggregateStore[Drum]:
    store = drum_store(database)
    await plan.apply(database, [store.layout])
    return store
