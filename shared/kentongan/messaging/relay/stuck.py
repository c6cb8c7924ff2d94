"""Partitions that take nothing at present. Nobody waits for them, so they hold up no other."""

import time
from collections import Counter

import structlog
from aiokafka.errors import KafkaTimeoutError
from aiokafka.structs import TopicPartition

_log = structlog.get_logger(__name__)
REST_SECONDS = 5.0
"""After a send that found no room, its partition is tried again so much later."""


class PartitionStuck(KafkaTimeoutError):  # type: ignore[misc]  # aiokafka has no types
    """Not sent: the partition has not acknowledged what it was given before."""


class StuckPartitions:
    """Below its minimum of replicas a partition acknowledges nothing, and never says no either.

    It is stuck while an acknowledgement is overdue: what waits there is the probe, which the
    idempotent producer repeats by itself.
    """

    def __init__(self) -> None:
        self._until: dict[TopicPartition, float] = {}
        self._overdue: Counter[TopicPartition] = Counter()

    def refuse(self, place: TopicPartition) -> None:
        """Raise PartitionStuck where the partition is."""
        if self._overdue[place] > 0 or self._until.get(place, 0.0) > time.monotonic():
            raise PartitionStuck(f"{place.topic} {place.partition}")

    def full(self, place: TopicPartition) -> None:
        """A send found no room in time; let the partition rest."""
        self._until[place] = time.monotonic() + REST_SECONDS
        _log.warning("relay.partition_full", topic=place.topic, partition=place.partition)

    def overdue(self, place: TopicPartition) -> None:
        """Acknowledgements are overdue; each call wants one of `settled`."""
        self._overdue[place] += 1
        _log.warning("relay.partition_stuck", topic=place.topic, partition=place.partition)

    def settled(self, place: TopicPartition) -> None:
        """What was overdue has come, or has failed for good."""
        self._overdue[place] -= 1
        if self._overdue[place] <= 0:
            self._until.pop(place, None)
            _log.info("relay.partition_moves", topic=place.topic, partition=place.partition)
