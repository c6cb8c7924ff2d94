"""Consuming with a bare loop: aiokafka, pydantic and the driver, nothing else.

Poll up to 10,000 records, validate each with its pydantic model, make the bulk, and write it while
the next poll is decoded; commit a batch once it is written. Same events, same model, same fields
kept, same indexes, same guard, same write concern; no dead letters, no retries, no metrics.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.structs import TopicPartition
from pymongo import UpdateOne

from kentongan.contracts.placement import ActivityVerified
from kentongan.contracts.registry import EVENTS as KIM_EVENTS
from kentongan.settings import KafkaSettings
from tests.bench.measuring import Run, Stopwatch
from tests.bench.workbench import Workbench

KIM_MODELS: dict[bytes, Any] = {event.contract.type.encode(): event for event in KIM_EVENTS}
Write = Callable[[Any], Awaitable[object]]
Decode = Callable[[Sequence[Any]], Any]


class Begins(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Starts the stopwatch when the partitions are there."""

    def __init__(self, watch: Stopwatch) -> None:
        self._watch = watch

    async def on_partitions_revoked(self, revoked: Any) -> None:
        pass

    async def on_partitions_assigned(self, assigned: Any) -> None:
        self._watch.start()


async def consume(
    workbench: Workbench,
    kafka: KafkaSettings,
    topic: str,
    amount: int,
    decode: Decode,
    write: Write,
) -> Run:
    """Consume `amount` events in a new group; measured as the kit is."""
    watch = Stopwatch()
    consumer = bare_consumer(kafka, workbench.name("bare"))
    consumer.subscribe([kafka.topic_prefix + topic], listener=Begins(watch))
    await consumer.start()
    try:
        await _loop(consumer, amount, decode, write)
        watch.stop()
    finally:
        await consumer.stop()
    return watch.run(amount)


async def _loop(consumer: AIOKafkaConsumer, amount: int, decode: Decode, write: Write) -> None:
    writing: asyncio.Task[object] | None = None
    written: dict[TopicPartition, int] = {}
    taken = 0
    while taken < amount:
        batches = await consumer.getmany(timeout_ms=1_000, max_records=10_000)
        records = [record for batch in batches.values() for record in batch]
        taken += len(records)
        bulk = decode(records)
        if writing is not None:
            await writing
            await consumer.commit(written)
        written = {partition: batch[-1].offset + 1 for partition, batch in batches.items()}
        writing = asyncio.ensure_future(write(bulk)) if bulk else None
        await asyncio.sleep(0)
    if writing is not None:
        await writing


def bare_consumer(kafka: KafkaSettings, group: str) -> AIOKafkaConsumer:
    """A consumer with the kit's fetch sizes; the library's defaults would be slower."""
    return AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_bytes=32 * 1024 * 1024,
        max_partition_fetch_bytes=4 * 1024 * 1024,
        session_timeout_ms=30_000,
        rebalance_timeout_ms=60_000,
    )


def decode_kims(records: Sequence[Any]) -> list[UpdateOne]:
    """The newest version per group, each as an upsert guarded inside a pipeline."""
    newest: dict[str, dict[str, Any]] = {}
    for record in records:
        headers = dict(record.headers)
        key, version = record.key.decode(), int(headers["ce_sequence"])
        state = KIM_MODELS[headers["ce_type"]].model_validate_json(record.value)
        known = newest.get(key)
        if known is not None and known["version"] >= version:
            continue
        newest[key] = {
            "_id": key,
            "version": version,
            "type": headers["ce_type"].decode(),
            "time": datetime.fromisoformat(headers["ce_time"].decode()),
            "entry": {
                "kim_id": state.kim_id,
                "name": state.name,
                "status": state.status,
                "region_code": state.region.code,
                "region_name": state.region.name,
                "level": state.region.level,
                "district_code": state.region.district_code,
                "district_name": state.region.district_name,
                "city_code": state.region.city_code,
                "potentials": sorted(state.potentials),
                "nik_komunitas": state.nik_komunitas,
                "valid_until": state.decree.valid_until.isoformat(),
            },
        }
    return [guarded(document) for document in newest.values()]


def guarded(document: dict[str, Any]) -> UpdateOne:
    """Write the document where the stored version is older."""
    newer = {"$lt": [{"$ifNull": ["$version", -1]}, document["version"]]}
    chosen = {"$cond": [newer, {"$literal": document}, "$$ROOT"]}
    return UpdateOne({"_id": document["_id"]}, [{"$replaceWith": chosen}], upsert=True)


def decode_activities(records: Sequence[Any]) -> list[dict[str, Any]]:
    """One document a fact, under its event's id."""
    documents = []
    for record in records:
        headers = dict(record.headers)
        fact = ActivityVerified.model_validate_json(record.value)
        documents.append(
            {
                "_id": headers["ce_id"].decode(),
                "key": record.key.decode(),
                "sequence": int(headers["ce_sequence"]),
                "type": headers["ce_type"].decode(),
                "time": datetime.fromisoformat(headers["ce_time"].decode()),
                "entry": {
                    "enrolment_id": fact.enrolment_id,
                    "kim_id": fact.kim_id,
                    "region_code": fact.region_code,
                    "date": fact.date.isoformat(),
                    "minutes": fact.minutes,
                    "category": fact.category,
                },
            }
        )
    return documents
