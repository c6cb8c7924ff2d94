"""The village of the messaging tests, on the lighter broker."""

import uuid
from collections.abc import AsyncIterator, Iterator

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.local.light_broker import LightBroker, find_light_broker
from kentongan.messaging.kafka import topics
from kentongan.settings import KafkaSettings
from kentongan.storage import plan
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import close, connect, open_database
from kentongan.testing.environment import Backends, run_apart
from tests.integration.messaging.village import Village


@pytest.fixture(scope="module")
def light_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LightBroker]:
    if find_light_broker() is None:
        pytest.skip("no light broker for this platform")
    broker = LightBroker(log_folder=tmp_path_factory.mktemp("light-broker"))
    run_apart(broker.start)
    try:
        yield broker
    finally:
        run_apart(broker.stop)


@pytest.fixture
def settings(light_broker: LightBroker) -> KafkaSettings:
    return KafkaSettings(
        bootstrap_servers=light_broker.bootstrap,
        topic_prefix=f"test-{uuid.uuid4().hex[:12]}.",
        idempotent_producer=False,
        # The lighter broker holds back each join for half a session.
        session_timeout_seconds=6,
    )


@pytest.fixture
async def kafka(settings: KafkaSettings) -> KafkaSettings:
    await topics.apply(settings, CATALOGUE)
    return settings


@pytest.fixture
async def village(
    stack: Backends, mongo_database_name: str, kafka: KafkaSettings
) -> AsyncIterator[Village]:
    client = connect(stack.mongo_uri, application="light-broker-tests")
    village = Village(open_database(client, mongo_database_name), kafka)
    layouts = (village.kims.layout, village.activities.layout, DeadLetters.layout)
    await plan.apply(village.database, layouts)
    yield village
    await village.stop()
    close(client)
