from collections.abc import AsyncIterator

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.settings import KafkaSettings
from kentongan.storage import plan
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Client, Database, close, connect, open_database
from kentongan.testing.environment import Backends
from tests.integration.messaging.village import Village


@pytest.fixture
async def client(stack: Backends) -> AsyncIterator[Client]:
    client = connect(stack.mongo_uri, application="messaging-tests")
    yield client
    close(client)


@pytest.fixture
async def database(client: Client, mongo_database_name: str) -> Database:
    return open_database(client, mongo_database_name)


@pytest.fixture
async def kafka(stack: Backends, topic_prefix: str) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=stack.kafka_bootstrap, topic_prefix=topic_prefix)
    await topics.apply(settings, CATALOGUE)
    return settings


@pytest.fixture
async def village(database: Database, kafka: KafkaSettings) -> AsyncIterator[Village]:
    village = Village(database, kafka)
    layouts = (village.kims.layout, village.activities.layout, DeadLetters.layout)
    await plan.apply(database, layouts)
    yield village
    await village.stop()
