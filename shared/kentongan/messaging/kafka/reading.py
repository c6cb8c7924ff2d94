"""Reading topics from outside any group: from given offsets up to given offsets, or on and on."""

from collections.abc import AsyncIterator, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeAlias

import structlog
from aiokafka.structs import TopicPartition

from kentongan.messaging.kafka.clients import make_reader
from kentongan.messaging.kafka.topics import partitions_of
from kentongan.settings import KafkaSettings

Offsets: TypeAlias = Mapping[TopicPartition, int]
"""The next offset to read, by partition."""
BATCH_RECORDS = 10_000
_POLL_MS = 500


class TopicReader:
    """An async context manager over a consumer without a group; it commits nothing."""

    def __init__(self, settings: KafkaSettings, topics: Iterable[str], *, client_id: str) -> None:
        self._settings = settings
        self._topics = tuple(topics)
        self._client_id = client_id
        self._consumer = make_reader(settings, client_id=client_id)
        self.partitions: tuple[TopicPartition, ...] = ()

    async def __aenter__(self) -> Self:
        """Connect. Raises KafkaError where the broker is away, TopicsNotReady without topics."""
        counts = await partitions_of(self._settings, self._topics)
        self.partitions = tuple(
            TopicPartition(topic, partition)
            for topic, count in counts.items()
            for partition in range(count)
        )
        try:
            with structlog.contextvars.bound_contextvars(client=self._client_id):
                await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        self._consumer.assign(list(self.partitions))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._consumer.stop()

    async def beginnings(self) -> Offsets:
        """The first offsets that there are."""
        offsets: Offsets = await self._consumer.beginning_offsets(list(self.partitions))
        return offsets

    async def ends(self) -> Offsets:
        """The offsets that the next records will have."""
        offsets: Offsets = await self._consumer.end_offsets(list(self.partitions))
        return offsets

    async def offsets_at(self, milliseconds: int) -> Offsets:
        """The offsets of the first records not older than this time (Unix milliseconds)."""
        ends = await self.ends()
        found: Mapping[TopicPartition, Any] = await self._consumer.offsets_for_times(
            dict.fromkeys(self.partitions, milliseconds)
        )
        return {
            partition: ends[partition] if found.get(partition) is None else found[partition].offset
            for partition in self.partitions
        }

    async def read(self, start: Offsets, end: Offsets) -> AsyncIterator[list[Any]]:
        """Batches of records from `start` to just before `end`."""
        consumer = self._consumer
        open_partitions = {one for one in end if start[one] < end[one]}
        for partition in self.partitions:
            consumer.seek(partition, start[partition])
            (consumer.resume if partition in open_partitions else consumer.pause)(partition)
        while open_partitions:
            fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=BATCH_RECORDS)
            batch = [
                record
                for partition, records in fetched.items()
                for record in records
                if record.offset < end[partition]
            ]
            for partition in list(open_partitions):
                if await consumer.position(partition) >= end[partition]:
                    open_partitions.discard(partition)
                    consumer.pause(partition)
            if batch:
                yield batch

    async def follow(self, start: Offsets) -> AsyncIterator[list[Any]]:
        """Batches of records from `start` on, for ever."""
        for partition in self.partitions:
            self._consumer.seek(partition, start[partition])
            self._consumer.resume(partition)
        while True:
            fetched = await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=BATCH_RECORDS)
            batch = [record for records in fetched.values() for record in records]
            if batch:
                yield batch
