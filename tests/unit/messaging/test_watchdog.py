import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaConnectionError
from aiokafka.structs import TopicPartition

from kentongan.messaging.consumer.watchdog import Watchdog
from kentongan.messaging.kafka.turns import Turns

ONE = TopicPartition("test.drums", 0)


class Consumer:
    """A consumer at position 5, as far as a watchdog sees one."""

    def __init__(self, *, end: int = 5) -> None:
        self.end = end
        self.away = False
        self._fetcher = SimpleNamespace(_fetch_task=asyncio.create_task(asyncio.sleep(60)))
        self._coordinator = SimpleNamespace(
            _coordination_task=asyncio.create_task(asyncio.sleep(60))
        )

    def assignment(self) -> set[TopicPartition]:
        return {ONE}

    async def end_offsets(self, _: Any) -> dict[TopicPartition, int]:
        if self.away:
            raise KafkaConnectionError("away")
        return {ONE: self.end}

    async def position(self, _: TopicPartition) -> int:
        return 5


@pytest.fixture
def turns() -> Turns:
    turns = Turns()
    turns.last_turn -= 1_000
    return turns


async def verdicts(watchdog: Watchdog, consumer: Consumer) -> list[str | None]:
    first = await watchdog.verdict(consumer)
    await asyncio.sleep(0.06)
    return [first, await watchdog.verdict(consumer)]


async def test_lag_without_a_turn_for_long_is_death(turns: Turns) -> None:
    first, second = await verdicts(Watchdog(turns, seconds=0.05), Consumer(end=8))

    assert first is None
    assert second is not None
    assert "3 records behind" in second


async def test_an_idle_topic_is_no_death(turns: Turns) -> None:
    assert await verdicts(Watchdog(turns, seconds=0.05), Consumer(end=5)) == [None, None]


async def test_retries_are_turns(turns: Turns) -> None:
    watchdog, consumer = Watchdog(turns, seconds=0.05), Consumer(end=8)
    assert await watchdog.verdict(consumer) is None
    await asyncio.sleep(0.06)
    turns.turned()
    assert await watchdog.verdict(consumer) is None


async def test_a_broker_that_is_away_is_no_death(turns: Turns) -> None:
    consumer = Consumer(end=8)
    consumer.away = True
    assert await verdicts(Watchdog(turns, seconds=0.05), consumer) == [None, None]


async def test_a_dead_task_of_the_client_is_death_at_once() -> None:
    consumer = Consumer()
    consumer._fetcher._fetch_task.cancel()
    await asyncio.gather(consumer._fetcher._fetch_task, return_exceptions=True)

    assert "fetch" in str(await Watchdog(Turns()).verdict(consumer))


def test_the_client_still_calls_its_tasks_so() -> None:
    assert "_fetch_task" in Fetcher.__init__.__code__.co_names
    assert "_coordination_task" in GroupCoordinator.__init__.__code__.co_names
