"""The fixtures that every integration test stands on."""

from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from kentongan.local.stack import EmbeddedStack
from kentongan.storage.replica_set_setup import drop_databases
from kentongan.testing.environment import Backends


async def test_names_are_for_one_test_alone(
    stack: Backends, mongo_database_name: str, topic_prefix: str
) -> None:
    async with AsyncMongoClient[dict[str, Any]](stack.mongo_uri) as client:
        assert not [n for n in await client.list_database_names() if n == mongo_database_name]
        await client[f"{mongo_database_name}_registry"].kims.insert_one({"_id": 1})
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"{topic_prefix}kims", 1, 1)])
    await admin.close()


async def test_only_databases_of_the_prefix_are_dropped(
    stack: Backends, mongo_database_name: str
) -> None:
    mine, other = f"{mongo_database_name}_mine", f"{mongo_database_name}_other"
    async with AsyncMongoClient[dict[str, Any]](stack.mongo_uri) as client:
        for name in (mine, other):
            await client[name].kims.insert_one({"_id": 1})
        assert await drop_databases(stack.mongo_uri, prefix=mine) == [mine]
        names = await client.list_database_names()
    assert other in names
    assert mine not in names


async def test_a_stack_of_ones_own_can_be_broken(stack: Backends, own_stack: EmbeddedStack) -> None:
    assert own_stack.kafka_bootstrap != stack.kafka_bootstrap
    own_stack.pause_broker()
    own_stack.resume_broker()
    await own_stack.stop_mongod()
    assert not own_stack.mongod.process.running
    await own_stack.restart_mongod()
    assert own_stack.mongod.process.running
