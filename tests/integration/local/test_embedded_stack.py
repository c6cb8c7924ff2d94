"""The embedded stack against its promises: data that stay, ports that stay, halves that belong."""

import asyncio
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from kentongan.local.polling import wait_until
from kentongan.local.stack import EmbeddedStack
from kentongan.local.stack_folder import StackFolderInUse, StackHalvesDiffer
from kentongan.settings.machine import LocalSettings
from kentongan.testing.environment import embedded_stack
from kentongan.testing.tcp_proxy import TcpProxy

TOPIC = "registry.kims"


def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def stack_at(folder: Path) -> EmbeddedStack:
    return EmbeddedStack(
        LocalSettings(data_folder=folder, kafka_bootstrap_servers=None, mongo_uri=None),
        allow_light_broker=False,
    )


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists()


async def create_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(TOPIC, num_partitions=2, replication_factor=1)])
    finally:
        await admin.close()


async def publish(bootstrap: str, *values: bytes) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, enable_idempotence=True, acks="all"
    ) as producer:
        for value in values:
            await producer.send_and_wait(TOPIC, value, key=b"kim-1")


async def read_all(bootstrap: str) -> list[bytes]:
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap) as consumer:
        partitions = [TopicPartition(TOPIC, number) for number in (0, 1)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(partitions)
        found: list[bytes] = []
        while len(found) < sum(ends.values()):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [record.value for record in records]
    return found


async def write_document(uri: str, name: str) -> None:
    """In a transaction: that needs a replica set."""
    async with (
        AsyncMongoClient[dict[str, Any]](uri, w="majority") as client,
        client.start_session() as session,
        await session.start_transaction(),
    ):
        await client.season.kims.insert_one({"_id": name}, session=session)


async def documents(uri: str) -> list[str]:
    async with AsyncMongoClient[dict[str, Any]](uri) as client:
        return [each["_id"] async for each in client.season.kims.find().sort("_id")]


async def test_records_and_documents_survive_stops_kills_and_taken_ports(tmp_path: Path) -> None:
    async with stack_at(tmp_path) as stack:
        await create_topic(stack.kafka_bootstrap)
        await publish(stack.kafka_bootstrap, b"before the stop")
        await write_document(stack.mongo_uri, "before the stop")
        addresses = stack.kafka_bootstrap, stack.mongo_uri

    stack = stack_at(tmp_path)
    await stack.start()
    try:
        assert (stack.kafka_bootstrap, stack.mongo_uri) == addresses
        await publish(stack.kafka_bootstrap, b"before the kill")
        await write_document(stack.mongo_uri, "before the kill")
        await stack.kill_broker()
        await stack.kill_mongod()
        await stack.restart_broker()
        await stack.restart_mongod()
        assert (stack.kafka_bootstrap, stack.mongo_uri) == addresses
        assert await documents(stack.mongo_uri) == ["before the kill", "before the stop"]
        with pytest.raises(StackFolderInUse):
            await stack_at(tmp_path).start()
    finally:
        await stack.stop()

    ports = [stack.kafka.ports.client, stack.mongod.port]
    takers = [await asyncio.start_server(hang_up, "127.0.0.1", port) for port in ports]
    async with stack_at(tmp_path) as moved:
        assert moved.kafka_bootstrap != addresses[0]
        assert moved.mongo_uri != addresses[1]
        assert await read_all(moved.kafka_bootstrap) == [b"before the stop", b"before the kill"]
        assert await documents(moved.mongo_uri) == ["before the kill", "before the stop"]
        await write_document(moved.mongo_uri, "moved")
    for taker in takers:
        taker.close()

    shutil.rmtree(tmp_path / "kafka")
    with pytest.raises(StackHalvesDiffer, match="kafka"):
        await stack_at(tmp_path).start()


async def test_a_killed_parent_leaves_nothing_running_and_its_folder_free(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import asyncio
        from kentongan.local.stack import EmbeddedStack

        async def run():
            stack = EmbeddedStack(allow_light_broker=False)
            await stack.start()
            print("pids", stack.kafka.process.pid, stack.mongod.process.pid, flush=True)
            await asyncio.sleep(60)

        asyncio.run(run())
        """
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "KENTONGAN_DATA_FOLDER": str(tmp_path),
        "KENTONGAN_KAFKA_BOOTSTRAP_SERVERS": "",
        "KENTONGAN_MONGO_URI": "",
    }
    killed = _kill_when_started(script, environment)
    assert await wait_until(lambda: not any(map(is_alive, killed)), seconds=60)

    async with stack_at(tmp_path) as again:
        assert again.broker_kind == "apache-kafka"


def _kill_when_started(script: str, environment: dict[str, str]) -> list[int]:
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        line = next(line for line in parent.stdout if line.startswith("pids "))
        parent.kill()
    return [int(pid) for pid in line.split()[1:]]


async def test_clients_of_the_proxied_listener_stay_behind_the_proxy() -> None:
    async with TcpProxy() as proxy:
        stack = embedded_stack(kafka_advertised_via=proxy.address)
        async with stack:
            proxy.target_port = stack.kafka.ports.proxied
            await create_topic(stack.kafka_bootstrap)
            await publish(proxy.address, b"through the proxy")
            assert await read_all(stack.kafka_bootstrap) == [b"through the proxy"]
            assert proxy.connections >= 2, "the first address and the advertised one"
