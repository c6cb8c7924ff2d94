"""A producer whose partitions take, withhold or fail what they are given, as a test wants."""

import asyncio
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, cast

from aiokafka.partitioner import DefaultPartitioner

from kentongan.contracts.recorded import RecordedEvent
from kentongan.contracts.registry import KimRegistered
from kentongan.messaging.relay.publishing import Publisher
from kentongan.settings import KafkaSettings
from kentongan.storage.outbox import Outbox, PendingAggregate, Published

NOW = datetime(2026, 9, 22, tzinfo=UTC)
PARTITIONS = [0, 1, 2]
Acknowledgement = asyncio.Future[str]


class Partitions:
    """Stands for aiokafka's producer. `room` is how many records a silent partition still takes."""

    def __init__(self, *, silent: Collection[int] = (), room: int = 10**6) -> None:
        self.silent = set(silent)
        self.room = room
        self.sent: list[tuple[bytes, int]] = []
        """Key and sequence."""
        self.waiting: list[Acknowledgement] = []

    async def partitions_for(self, topic: str) -> set[int]:
        return set(PARTITIONS)

    async def send(
        self, topic: str, *, value: bytes, key: bytes, headers: Any, partition: int
    ) -> Acknowledgement:
        if partition in self.silent and len(self.waiting) >= self.room:
            await asyncio.sleep(15)
        self.sent.append((key, int(dict(headers)["ce_sequence"])))
        future: Acknowledgement = asyncio.get_running_loop().create_future()
        if partition in self.silent:
            self.waiting.append(future)
        else:
            future.set_result("taken")
        return future

    async def stop(self) -> None:
        """Nothing to flush."""


class Outboxes:
    """Stands for the outboxes."""

    def __init__(self, *aggregates: PendingAggregate) -> None:
        self.left = {aggregate.id: aggregate for aggregate in aggregates}

    async def pending(
        self, limit: int, *, excluding: Collection[tuple[str, str]] = ()
    ) -> list[PendingAggregate]:
        out = {key for _, key in excluding}
        return [one for one in self.left.values() if one.id not in out][:limit]

    async def clear_many(self, published: Collection[Published]) -> None:
        for one in published:
            self.left.pop(one.id)


def outboxes(*aggregates: PendingAggregate) -> Outbox:
    return cast("Outbox", Outboxes(*aggregates))


class _Lasting(Publisher):
    async def renew(self, broken: Any, *, seconds: float) -> None:
        """The next producer is the same."""


def publisher_to(partitions: Partitions) -> Publisher:
    publisher = _Lasting("test", "urn:test", KafkaSettings())
    publisher._producer = partitions
    return publisher


def partition_of(key: str) -> int:
    return int(DefaultPartitioner()(key.encode(), PARTITIONS, PARTITIONS))


def aggregate(key: str, events: int = 1) -> PendingAggregate:
    recorded = [
        RecordedEvent(
            event_id=f"{key}-{sequence}",
            type=KimRegistered.contract.type,
            key=key,
            sequence=sequence,
            time=NOW,
            data=KimRegistered.contract.example,
            correlation_id="c",
            causation_id="c",
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )
        for sequence in range(1, events + 1)
    ]
    return PendingAggregate("kims", key, NOW, tuple(recorded))


def in_partition(partition: int, count: int) -> list[str]:
    keys = (f"kim-{number}" for number in range(10**6))
    found = (key for key in keys if partition_of(key) == partition)
    return [next(found) for _ in range(count)]


async def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)
