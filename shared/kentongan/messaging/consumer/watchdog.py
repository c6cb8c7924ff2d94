"""Tells a dead consumer loop from a patient one.

A broker that answers pings proves nothing: when aiokafka's own tasks have died, the loop goes on
and nothing is consumed. A loop that waits for MongoDB, or for Kafka, is alive and stays.
"""

import asyncio
import time
from typing import Any

from aiokafka.errors import KafkaError

from kentongan.messaging.kafka.turns import Turns

_OFFSETS_SECONDS = 5.0


class Watchdog:
    """Gives a verdict now and then; the process ends only where a restart is what helps."""

    def __init__(self, turns: Turns, *, seconds: float = 60.0) -> None:
        self._turns = turns
        self._seconds = seconds
        self._behind_since: float | None = None

    async def verdict(self, consumer: Any) -> str | None:
        """Why the loop is dead, or None: a task of the client ended, or lag without a turn."""
        for name, task in _client_tasks(consumer):
            if task is not None and task.done():
                return f"the client's {name} task has ended"
        if self._turns.idle_seconds < self._seconds / 2:
            self._behind_since = None
            return None
        lag = await _true_lag(consumer)
        if not lag:
            self._behind_since = None
            return None
        now = time.monotonic()
        if self._behind_since is None:
            self._behind_since = now
        stuck = min(now - self._behind_since, self._turns.idle_seconds)
        if stuck < self._seconds:
            return None
        return f"no turn for {stuck:.0f} s and {lag} records behind"


def _client_tasks(consumer: Any) -> list[tuple[str, asyncio.Task[Any] | None]]:
    # aiokafka shows these nowhere in public; a test pins the names to the installed version.
    fetcher = getattr(consumer, "_fetcher", None)
    coordinator = getattr(consumer, "_coordinator", None)
    return [
        ("fetch", getattr(fetcher, "_fetch_task", None)),
        ("coordination", getattr(coordinator, "_coordination_task", None)),
    ]


async def _true_lag(consumer: Any) -> int:
    """Lag by the broker's own word; 0 where it doesn't answer, as then a restart helps nothing."""
    lag = 0
    try:
        async with asyncio.timeout(_OFFSETS_SECONDS):
            assigned = consumer.assignment()
            ends = await consumer.end_offsets(assigned) if assigned else {}
            for partition, end in ends.items():
                lag += max(end - await consumer.position(partition), 0)
    except (KafkaError, TimeoutError):
        return 0
    return lag
