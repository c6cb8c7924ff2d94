import asyncio
from datetime import UTC, datetime
from typing import Any

from aiokafka.errors import MessageSizeTooLargeError

from kentongan.messaging.relay.publishing import Sent, settle
from kentongan.storage.outbox import PendingAggregate
from tests.unit.messaging.partitions import (
    Partitions,
    aggregate,
    in_partition,
    publisher_to,
    until,
)

AGGREGATE = PendingAggregate("drums", "drum", datetime(2026, 9, 22, tzinfo=UTC), ())


def outcomes(*results: object) -> list["asyncio.Future[Any]"]:
    futures: list[asyncio.Future[Any]] = []
    for result in results:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if isinstance(result, Exception):
            future.set_exception(result)
        elif result is not None:
            future.set_result(result)
        futures.append(future)
    return futures


async def test_only_the_contiguous_prefix_counts_as_acknowledged() -> None:
    sent = Sent(AGGREGATE, None, outcomes("at 1", OSError("refused"), "at 3"))

    assert sent.acknowledged() == 1
    assert isinstance(sent.failure, OSError)


async def test_what_was_given_up_counts_as_not_acknowledged() -> None:
    sent = Sent(AGGREGATE, None, outcomes("at 1", None))
    assert not sent.done

    sent.give_up()

    assert sent.done
    assert sent.acknowledged() == 1
    assert isinstance(sent.failure, asyncio.CancelledError)


async def test_waiting_for_acknowledgements_is_bounded_and_cancels_none() -> None:
    late = Sent(AGGREGATE, None, outcomes(None))

    await settle([late], seconds=0.01)

    assert not late.acknowledgements[0].cancelled()
    asyncio.get_running_loop().call_later(0.01, late.acknowledgements[0].set_result, "at 1")
    await settle([late], seconds=float("inf"))
    assert late.acknowledged() == 1


async def test_what_follows_a_failed_event_is_not_sent() -> None:
    [key] = in_partition(0, 1)
    partitions = Partitions(silent=[0])
    publisher = publisher_to(partitions)

    sending = asyncio.create_task(publisher.send(aggregate(key, events=3)))
    await until(lambda: bool(partitions.waiting))
    partitions.waiting[0].set_exception(OSError("no leader"))
    sent = await sending

    assert sent.acknowledged() == 0
    assert partitions.sent == [(key.encode(), 1)]


async def test_only_a_producer_that_is_new_to_a_partition_waits_between_events() -> None:
    first, second = in_partition(0, 2)
    partitions = Partitions()
    publisher = publisher_to(partitions)
    await publisher.send(aggregate(first, events=2))
    partitions.silent.add(0)

    await publisher.send(aggregate(second, events=3))

    assert partitions.sent[2:] == [(second.encode(), sequence) for sequence in (1, 2, 3)]


async def test_a_broker_that_refused_a_batch_wants_a_new_producer() -> None:
    publisher = publisher_to(Partitions())
    oversized = MessageSizeTooLargeError()
    refused = Sent(AGGREGATE, None, outcomes(oversized))
    assert refused.acknowledged() == 0

    assert publisher.is_broken_by(oversized, refused=refused.refused)
    assert not publisher.is_broken_by(oversized)
