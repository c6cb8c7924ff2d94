"""A relay by hand: find, encode and send, gather, clear, with the driver and aiokafka alone."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from pydantic_core import to_json
from pymongo import UpdateOne

from kentongan.settings import KafkaSettings
from tests.bench.measuring import Run, Stopwatch
from tests.bench.workbench import SOURCE

ROUND = 400
TOPIC = "registry.kims"


def bare_producer(kafka: KafkaSettings) -> AIOKafkaProducer:
    """A producer with the kit's options."""
    return AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap_servers,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=512 * 1024,
    )


async def relay(kafka: KafkaSettings, collection: Any, events: int) -> Run:
    """Relay everything that waits, from the start of the producer on."""
    watch = Stopwatch()
    watch.start()
    producer = bare_producer(kafka)
    await producer.start()
    try:
        await relay_all(producer, kafka.topic_prefix + TOPIC, collection)
        watch.stop()
    finally:
        await producer.stop()
    return watch.run(events)


async def relay_all(producer: AIOKafkaProducer, topic: str, collection: Any) -> None:
    """Find, send, gather, clear, until nothing waits."""
    while documents := await _find(collection):
        await _send(producer, topic, documents)
        bulk = [UpdateOne({"_id": one["_id"]}, cleared(one["outbox"])) for one in documents]
        await collection.bulk_write(bulk, ordered=False)


async def produce(kafka: KafkaSettings, documents: Sequence[Any]) -> Run:
    """Encode and send what is in memory, in the same rounds."""
    watch = Stopwatch()
    watch.start()
    producer = bare_producer(kafka)
    await producer.start()
    try:
        for first in range(0, len(documents), ROUND):
            one_round = documents[first : first + ROUND]
            await _send(producer, kafka.topic_prefix + TOPIC, one_round)
        watch.stop()
    finally:
        await producer.stop()
    return watch.run(sum(len(document["outbox"]) for document in documents))


async def _find(collection: Any) -> list[Any]:
    found: list[Any] = (
        await collection.find(
            {"pending_since": {"$exists": True}}, {"pending_since": 1, "outbox": 1}
        )
        .sort("pending_since", 1)
        .limit(ROUND)
        .to_list(None)
    )
    return found


async def _send(producer: AIOKafkaProducer, topic: str, documents: Sequence[Any]) -> None:
    sent = [
        await producer.send(topic, to_json(entry["data"]), key, headers=headers(key, entry))
        for document in documents
        for key in (document["_id"].encode(),)
        for entry in document["outbox"]
    ]
    await asyncio.gather(*sent)


def headers(key: bytes, entry: dict[str, Any]) -> list[tuple[str, bytes]]:
    """The same headers as the kit's, unchecked."""
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", entry["event_id"].encode()),
        ("ce_source", SOURCE.encode()),
        ("ce_type", entry["type"].encode()),
        ("ce_subject", key),
        ("ce_time", entry["time"].isoformat().encode()),
        ("ce_partitionkey", key),
        ("ce_sequence", b"%020d" % entry["sequence"]),
        ("ce_correlationid", entry["correlation_id"].encode()),
        ("ce_causationid", entry["causation_id"].encode()),
        ("ce_traceparent", entry["traceparent"].encode()),
        ("content-type", b"application/json"),
    ]


def cleared(outbox: Sequence[Any]) -> list[dict[str, Any]]:
    """Remove these entries, and the mark only where nothing is left."""
    ids = [entry["event_id"] for entry in outbox]
    kept = {"$not": [{"$in": ["$$this.event_id", {"$literal": ids}]}]}
    return [
        {"$set": {"outbox": {"$filter": {"input": "$outbox", "cond": kept}}}},
        {"$set": {"pending_since": {"$ifNull": [{"$first": "$outbox.time"}, "$$REMOVE"]}}},
    ]
