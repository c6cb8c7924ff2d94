import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.errors import CorruptRecordException
from aiokafka.structs import TopicPartition

from kentongan.messaging.kafka.turns import Interrupted, Turns, TurnsConsumer, pause
from tests.unit.messaging.drum_records import record

ONE = TopicPartition("test.drums", 0)


@pytest.fixture
async def consumer(monkeypatch: pytest.MonkeyPatch) -> TurnsConsumer:
    """A consumer whose fetches always bring one record, and whose seeks are noted."""

    async def fetch(self: Any, *_: Any, **__: Any) -> dict[Any, Any]:
        await asyncio.sleep(0)
        return {ONE: [record(7)]}

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", fetch)
    monkeypatch.setattr(AIOKafkaConsumer, "seek", lambda self, at, to: self.sought.append((at, to)))
    monkeypatch.setattr(AIOKafkaConsumer, "__del__", lambda self: None, raising=False)
    consumer: Any = TurnsConsumer.__new__(TurnsConsumer)
    consumer.sought = []
    consumer._turns = Turns()
    consumer._subscription = SubscriptionState()
    return consumer  # type: ignore[no-any-return]


async def test_a_revocation_waits_for_the_running_batch(consumer: Any) -> None:
    turns: Turns = consumer._turns
    assert await consumer.getmany()

    revoking = asyncio.create_task(turns.on_partitions_revoked({ONE}))
    await asyncio.sleep(0)
    assert not revoking.done()
    assert turns.interrupted.is_set()

    # The next poll says that the batch is applied and committed.
    assert await consumer.getmany() == {}
    await revoking


async def test_no_batch_begins_while_partitions_are_on_the_move(consumer: Any) -> None:
    turns: Turns = consumer._turns
    await turns.on_partitions_revoked({ONE})

    assert await consumer.getmany() == {}
    assert consumer.sought == [(ONE, 7)]

    await turns.on_partitions_assigned({ONE})
    assert list(await consumer.getmany()) == [ONE]
    assert not turns.interrupted.is_set()


async def test_a_batch_that_was_told_to_give_up_stays_told() -> None:
    turns = Turns()
    of_the_batch = turns.interrupted
    await turns.on_partitions_revoked(set())
    await turns.on_partitions_assigned({ONE})

    with pytest.raises(Interrupted):
        await pause(of_the_batch, 10.0)
    await pause(turns.interrupted, 0.0)


async def test_a_poll_that_fails_leaves_every_position_where_it_was(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = consumer._subscription
    subscription.assign_from_user([ONE])
    position = subscription.subscription.assignment.state_value(ONE)
    position.reset_to(7)

    async def drain_one_and_meet_a_bad_batch(*_: Any, **__: Any) -> Any:
        position.consumed_to(9)
        raise CorruptRecordException

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", drain_one_and_meet_a_bad_batch)
    with pytest.raises(CorruptRecordException):
        await consumer.getmany()

    assert consumer.sought == [(ONE, 7)]


async def test_what_was_given_up_is_read_again_before_anything_else(consumer: Any) -> None:
    turns: Turns = consumer._turns
    turns.given_back = {ONE: 3}

    assert list(await consumer.getmany()) == [ONE]

    assert consumer.sought == [(ONE, 3)]
    assert turns.given_back == {}


async def test_a_poll_that_was_under_way_when_a_write_was_given_up_is_put_back(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: Turns = consumer._turns

    async def meanwhile_a_write_fails(*_: Any, **__: Any) -> dict[Any, Any]:
        turns.given_back = {ONE: 3}
        return {ONE: [record(7)]}

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", meanwhile_a_write_fails)
    assert await consumer.getmany() == {}

    # The lower offset last: it is what the next poll reads from.
    assert consumer.sought == [(ONE, 7), (ONE, 3)]


async def test_a_revocation_waits_for_what_is_still_being_written(consumer: Any) -> None:
    turns: Turns = consumer._turns
    written = asyncio.Event()

    async def settle() -> None:
        await written.wait()

    turns.settle = settle
    revoking = asyncio.create_task(turns.on_partitions_revoked({ONE}))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not revoking.done()

    written.set()
    await revoking


async def test_a_new_assignment_starts_at_what_is_committed(consumer: Any) -> None:
    turns: Turns = consumer._turns
    turns.given_back = {ONE: 3}

    await turns.on_partitions_assigned({ONE})
    await consumer.getmany()

    assert consumer.sought == []
