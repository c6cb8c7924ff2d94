"""All parts of a run are told the same time, also where the suite's clock was moved.

A vote's end is stamped by MongoDB, a day is the process's, a record's time may be Kafka's.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from kentongan.domain.clock import utc_now
from kentongan.testing.environment import Backends

pytestmark = pytest.mark.days

TOLERATED = timedelta(minutes=1)
"""Far more than a busy machine needs, and far less than a clock of another day."""


def apart(moment: datetime) -> timedelta:
    return abs(utc_now() - moment)


def test_a_child_process_is_told_the_same() -> None:
    asked = "from kentongan.domain.clock import utc_now; print(utc_now().isoformat())"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert apart(datetime.fromisoformat(told.stdout.strip())) < TOLERATED


async def test_mongodb_stamps_with_the_same(stack: Backends, mongo_database_name: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](stack.mongo_uri, tz_aware=True) as client:
        stamps = client[mongo_database_name]["stamps"]
        await stamps.update_one({"_id": 1}, [{"$set": {"at": "$$NOW"}}], upsert=True)
        stamped = await stamps.find_one({"_id": 1})
    assert stamped is not None
    assert apart(stamped["at"]) < TOLERATED


async def test_kafka_stamps_with_the_same(stack: Backends, topic_prefix: str) -> None:
    topic, by_broker = f"{topic_prefix}stamps", {"message.timestamp.type": "LogAppendTime"}
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1, topic_configs=by_broker)])
    await admin.close()
    async with (
        AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap) as producer,
        AIOKafkaConsumer(
            topic, bootstrap_servers=stack.kafka_bootstrap, auto_offset_reset="earliest"
        ) as consumer,
    ):
        await producer.send_and_wait(topic, b"stamped")
        record = await consumer.getone()
    assert record.timestamp_type == 1, "the broker's own time, not the producer's"
    assert apart(datetime.fromtimestamp(record.timestamp / 1000, UTC)) < TOLERATED
