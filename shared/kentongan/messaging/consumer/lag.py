"""How far the consumer is behind, from its own position and what its fetches have seen."""

import asyncio
from typing import Any

from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from kentongan.observability import metrics

_POSITION_SECONDS = 1.0


class Lag:
    """Shows the lag of each assigned partition; what is assigned elsewhere is shown there."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._shown: set[TopicPartition] = set()

    async def show(self, consumer: Any) -> None:
        """Bring the gauges up to date."""
        assigned: frozenset[TopicPartition] = consumer.assignment()
        for partition in self._shown - assigned:
            metrics.LAG.remove(self._service, partition.topic, str(partition.partition))
        self._shown &= assigned
        for partition in assigned:
            behind = await _behind(consumer, partition)
            if behind is not None:
                self._shown.add(partition)
                gauge = metrics.LAG.labels(self._service, partition.topic, str(partition.partition))
                gauge.set(behind)

    def hide(self) -> None:
        """Show nothing more: the consumer has left its group."""
        for partition in self._shown:
            metrics.LAG.remove(self._service, partition.topic, str(partition.partition))
        self._shown.clear()


async def _behind(consumer: Any, partition: TopicPartition) -> int | None:
    try:
        high: int | None = consumer.highwater(partition)
        async with asyncio.timeout(_POSITION_SECONDS):
            position: int = await consumer.position(partition)
    except (KafkaError, TimeoutError):
        # Revoked in between, or no position yet: there is no figure.
        return None
    return None if high is None else max(high - position, 0)
