"""How far the consumer is behind, by the broker's word; no figure at all while it doesn't answer.

While partitions are on the move (a member has died, and is waited for as long as its session
lasts) nobody owns them. Then each process that waits shows all of them, from what the group
committed: take the highest by topic and partition, for more than one may show it.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from kentongan.messaging.kafka.clients import group_id, make_reader
from kentongan.messaging.kafka.topics import TopicsNotReady, partitions_of
from kentongan.messaging.kafka.turns import Turns
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings

ANSWER_SECONDS = 2.0
"""A broker that takes longer doesn't answer."""
CONNECT_SECONDS = 5.0
"""For a new client to come as far as to ask."""
Figures = Mapping[TopicPartition, int]


class Lag:
    """Asks for the ends of the partitions: shows whether anybody answered, and the lag."""

    def __init__(self, service: str, topics: Sequence[str], kafka: KafkaSettings) -> None:
        self._service = service
        self._topics = topics
        self._kafka = kafka
        self._shown: set[TopicPartition] = set()
        self._onlooker: Any = None

    async def show(self, consumer: Any, turns: Turns) -> None:
        """Bring the gauges up to date."""
        try:
            if not turns.settled and self._onlooker is None:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await self._make_onlooker()
            async with asyncio.timeout(ANSWER_SECONDS):
                figures = await (self._own(consumer) if turns.settled else self._all())
        except (KafkaError, TopicsNotReady, TimeoutError, OSError):
            figures = None
            await self._dismiss()
        metrics.CONSUMER_CONNECTED.labels(self._service).set(figures is not None)
        self._show_only(figures or {})

    async def hide(self) -> None:
        """Show nothing more: the consumer has left its group, or never was in it."""
        metrics.CONSUMER_CONNECTED.labels(self._service).set(0)
        self._show_only({})
        await self._dismiss()

    async def _own(self, consumer: Any) -> Figures:
        """Of what the group has given to this process."""
        await self._dismiss()
        assigned: frozenset[TopicPartition] = consumer.assignment()
        # Who has no partition asks all the same: whether it is connected is a question, too.
        ends = await consumer.end_offsets(assigned or _known(consumer, self._topics))
        return {one: max(ends[one] - await consumer.position(one), 0) for one in assigned}

    async def _all(self) -> Figures:
        """Of all partitions. Asked by a client apart: one that waits to be let in can't ask."""
        onlooker = self._onlooker
        known: frozenset[TopicPartition] = onlooker.assignment()
        ends = await onlooker.end_offsets(known)
        return {one: max(ends[one] - await _committed(onlooker, one), 0) for one in known}

    async def _make_onlooker(self) -> None:
        """A client that knows the group's offsets and takes no part in it, nor any record."""
        client_id = f"{self._service}-lag"
        counts = await partitions_of(self._kafka, self._topics)
        group = group_id(self._kafka, self._service)
        self._onlooker = make_reader(self._kafka, client_id=client_id, group=group)
        with structlog.contextvars.bound_contextvars(client=client_id):
            await self._onlooker.start()
        partitions = [
            TopicPartition(topic, number)
            for topic, count in counts.items()
            for number in range(count)
        ]
        self._onlooker.assign(partitions)
        self._onlooker.pause(*partitions)

    async def _dismiss(self) -> None:
        onlooker, self._onlooker = self._onlooker, None
        if onlooker is not None:
            with contextlib.suppress(KafkaError, TimeoutError, OSError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    await onlooker.stop()

    def _show_only(self, figures: Figures) -> None:
        for gone in self._shown - figures.keys():
            metrics.LAG.remove(self._service, gone.topic, str(gone.partition))
        self._shown = set(figures)
        for one, behind in figures.items():
            metrics.LAG.labels(self._service, one.topic, str(one.partition)).set(behind)


def _known(consumer: Any, topics: Sequence[str]) -> set[TopicPartition]:
    return {
        TopicPartition(topic, partition)
        for topic in topics
        for partition in consumer.partitions_for_topic(topic) or ()
    }


async def _committed(consumer: Any, partition: TopicPartition) -> int:
    offset: int | None = await consumer.committed(partition)
    return offset or 0
