"""Kafka or MongoDB away while a service runs: it waits, and nothing becomes a dead letter."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.settings import KafkaSettings
from kentongan.storage import plan
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database, close, connect, open_database
from kentongan.testing.environment import run_apart
from kentongan.testing.stacks import BreakableStack
from kentongan.testing.tcp_proxy import TcpProxy
from tests.integration.messaging.village import Village
from tests.support.waiting import eventually


@pytest.fixture
async def breakable(own_stack: BreakableStack) -> AsyncIterator[Village]:
    kafka = KafkaSettings(bootstrap_servers=own_stack.kafka_bootstrap)
    await topics.apply(kafka, CATALOGUE)
    client = connect(own_stack.mongo_uri, application="away-tests")
    village = Village(open_database(client, "test_away"), kafka)
    layouts = (village.kims.layout, village.activities.layout, DeadLetters.layout)
    await plan.apply(village.database, layouts)
    yield village
    await village.stop()
    close(client)


async def test_events_follow_when_kafka_is_back(
    breakable: Village, own_stack: BreakableStack
) -> None:
    run_apart(own_stack.stop_broker)
    await breakable.relay()
    consumer = await breakable.consumer()
    await breakable.register("kim-1", "answered while Kafka was away")
    assert not await breakable.built(consumer)()

    run_apart(own_stack.restart_broker)

    await eventually(lambda: breakable.knows("kim-1", "answered while Kafka was away"))

    run_apart(own_stack.kill_broker)
    await breakable.rename("kim-1", "while it was away again")
    await breakable.register("kim-2", "too")
    run_apart(own_stack.restart_broker)

    await eventually(lambda: breakable.knows("kim-1", "while it was away again"))
    await eventually(lambda: breakable.knows("kim-2", "too"))
    await eventually(breakable.outbox_empty)
    assert breakable.deaths == []


@pytest.fixture
async def far_database(
    mongo_database_name: str, village: Village
) -> AsyncIterator[tuple[Database, TcpProxy]]:
    host, port = next(iter(village.database.client.nodes))
    async with TcpProxy(host, port) as proxy:
        uri = f"mongodb://{proxy.address}/?directConnection=true"
        client = connect(
            uri, application="far", server_selection_timeout_seconds=0.5, socket_timeout_seconds=1.0
        )
        yield open_database(client, mongo_database_name), proxy
        await village.stop()
        close(client)


async def test_the_consumer_waits_for_mongodb(
    village: Village, far_database: tuple[Database, TcpProxy]
) -> None:
    database, proxy = far_database
    await village.relay()
    consumer = await village.consumer(database=database)
    await eventually(village.built(consumer))
    await village.register("kim-0")
    await eventually(lambda: village.knows("kim-0", "Gerendeng"))

    await proxy.cut()
    for number in range(1, 30):
        await village.register(f"kim-{number}")
    await eventually(village.outbox_empty)

    async def refused() -> bool:
        return proxy.hits > 3

    await eventually(refused)
    proxy.restore()

    async def all_known() -> bool:
        return await village.directory.count() == 30

    await eventually(all_known)
    assert await village.dead_letters.count() == 0


async def test_a_stop_is_not_held_up_by_a_database_that_is_away(
    village: Village, far_database: tuple[Database, TcpProxy]
) -> None:
    database, proxy = far_database
    await village.relay()
    consumer = await village.consumer(database=database)
    await eventually(village.built(consumer))
    await proxy.cut()
    await village.register("kim-1")

    async def refused() -> bool:
        return proxy.hits > 2

    await eventually(refused)
    async with asyncio.timeout(15):
        await village.end(consumer)

    await village.consumer()
    await eventually(lambda: village.knows("kim-1", "Gerendeng"))
