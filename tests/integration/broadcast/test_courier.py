"""The courier plans once, loses nothing when it is killed, and shares work with others."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from kentongan.storage.errors import StorageUnavailable
from kentongan.testing.environment import Backends
from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    courier_process,
    deliveries_of,
    directory_is_built,
    figures,
    groups_with_webhooks,
    reach,
    told_of_delivery,
)
from tests.integration.broadcast.profiling import profiled
from tests.integration.broadcast.receiver import Received, Receiver
from tests.integration.broadcast.running import Running
from tests.support.waiting import eventually

GROUPS = 35
"""Four chunks of ten, the last not full."""
AT_ONCE = 16
"""Webhooks that one courier of these tests sends at once."""


@pytest.fixture
async def second(stack: Backends, running: Running) -> AsyncIterator[Running]:
    """Another process on the same database."""
    async with courier_process(stack, running.database.name, running.clock) as one:
        yield one


def after_chunks(running: Running, chunks: int, then: Any) -> None:
    """Do something once so many chunks of deliveries are written: `then` is awaited, or raised."""
    planning = courier_of(running)._planning
    insert, written = planning._stores.deliveries.insert_new, 0

    async def counted(documents: Any) -> int:
        nonlocal written
        made = await insert(documents)
        written += bool(documents)
        if written == chunks:
            if isinstance(then, BaseException):
                raise then
            await then()
        return made

    planning._stores.deliveries.insert_new = counted  # type: ignore[method-assign]


async def expected_ids(running: Running, content_id: str) -> set[str]:
    channels = await running.database["channels"].find({}).to_list(None)
    webhooks = {f"{content_id}:1:{each['state']['kim_id']}:{each['_id']}" for each in channels}
    return webhooks | {f"{content_id}:1:kim-{number:03}:inbox" for number in range(GROUPS)}


@pytest.mark.parametrize("chunks", [1, 2, 4])
async def test_a_courier_killed_while_planning_loses_nothing_and_plans_nothing_twice(
    running: Running, second: Running, receiver: Receiver, chunks: int
) -> None:
    """Killed after a chunk was written and before its cursor was: the worst moment."""
    await groups_with_webhooks(running, receiver, GROUPS)
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    after_chunks(running, chunks, asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await courier_of(running).turn()
    there = await deliveries_of(running, content_id=content_id)
    assert 0 < len(there) < 2 * GROUPS or chunks == 4
    await courier_of(second).turn()
    assert len(await deliveries_of(running)) == len(there), "the dead one's claim still stands"
    running.clock.forward(seconds=31)
    await courier_of(second).turn()
    planned = await deliveries_of(running, content_id=content_id)
    assert {each["_id"] for each in planned} == await expected_ids(running, content_id)
    assert Counter(receiver.ids()) == Counter(dict.fromkeys(set(receiver.ids()), 1))
    shown = await reach(office, content_id)
    assert (shown["groups"], *figures(shown)) == (GROUPS, 2 * GROUPS, 0, 0, 0)
    assert len(await told_of_delivery(running, content_id)) == 1


async def test_planning_goes_on_where_the_database_failed(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, GROUPS)
    content_id = await running.desk("diskominfo").published(audience=AUDIENCE)
    after_chunks(running, 2, StorageUnavailable("a chunk of unknown outcome"))
    with pytest.raises(StorageUnavailable):
        await courier_of(running).turn()
    await courier_of(running).turn()
    planned = await deliveries_of(running, content_id=content_id)
    assert {each["_id"] for each in planned} == await expected_ids(running, content_id)


async def test_nothing_is_read_or_written_by_more_than_a_chunk(
    running: Running, receiver: Receiver
) -> None:
    """What one process has in memory doesn't grow with the audience: not the groups, nor their
    webhooks, nor what is planned for them, nor what is being sent.
    """
    await groups_with_webhooks(running, receiver, GROUPS, webhooks=2)
    content_id = await running.desk("diskominfo").published(audience=AUDIENCE)
    async with profiled(running.database) as profile:
        await courier_of(running).turn()
    groups, webhooks = profile.on("directory.kims"), profile.on("channels")
    assert [each.handed_out for each in groups if each.handed_out] == [10, 10, 10, 5]
    assert max(each.handed_out for each in webhooks) == 20
    planned = [each.inserted for each in profile.on("deliveries") if each.inserted]
    assert planned == [30, 30, 30, 15]
    assert max(each.handed_out for each in profile.on("deliveries")) == AT_ONCE
    shown = await reach(running.desk("diskominfo"), content_id)
    assert figures(shown) == (3 * GROUPS, 0, 0, 0)


async def test_nothing_is_planned_while_the_directory_is_built(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 2)
    content_id = await running.desk("diskominfo").published(audience=AUDIENCE)
    await running.database["build_markers"].delete_many({})
    await courier_of(running).turn()
    assert await deliveries_of(running) == []
    await directory_is_built(running)
    await courier_of(running).turn()
    assert len(await deliveries_of(running, content_id=content_id)) == 4


async def test_an_orderly_end_hands_the_planning_over_at_once(
    running: Running, second: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, GROUPS)
    content_id = await running.desk("diskominfo").published(audience=AUDIENCE)
    after_chunks(running, 2, asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await courier_of(running).turn()
    await courier_of(running).stop()
    await courier_of(second).turn()
    planned = await deliveries_of(running, content_id=content_id)
    assert {each["_id"] for each in planned} == await expected_ids(running, content_id)


async def test_several_couriers_at_once_plan_once_and_send_each_delivery_once(
    stack: Backends, running: Running, second: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, GROUPS, webhooks=2)
    office = running.desk("diskominfo")
    contents = [await office.published(audience=AUDIENCE) for _ in range(3)]
    async with courier_process(stack, running.database.name, running.clock) as third:
        couriers = [courier_of(each) for each in (running, second, third)]
        for each in couriers:
            await each.start()
        for content_id in contents:
            await until_told(running, content_id)
        for each in couriers:
            await each.stop()
    assert set(Counter(receiver.ids()).values()) == {1}
    assert len(receiver.ids()) == 3 * 2 * GROUPS
    for content_id in contents:
        assert figures(await reach(office, content_id)) == (3 * GROUPS, 0, 0, 0)
        assert len(await told_of_delivery(running, content_id)) == 1


async def until_told(running: Running, content_id: str) -> None:
    async def told() -> bool:
        return bool(await told_of_delivery(running, content_id))

    await eventually(told, what=f"the delivery of {content_id} is told")


async def test_a_courier_killed_while_sending_sends_again_under_the_same_id(
    running: Running, second: Running, receiver: Receiver
) -> None:
    """Killed after the receiver has it and before that is written down."""
    await groups_with_webhooks(running, receiver, 8)
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    killed = asyncio.Event()

    async def kill(_: Received) -> None:
        if len(receiver.received) == 5:
            killed.set()
        if killed.is_set():
            await asyncio.sleep(0.2)

    receiver.on_request = kill
    turning = asyncio.create_task(courier_of(running).turn())
    await asyncio.wait_for(killed.wait(), 60)
    sending = courier_of(running)._sending
    turning.cancel()
    for task in tuple(sending._in_hand):
        task.cancel()
    await asyncio.gather(turning, *sending._in_hand, return_exceptions=True)
    receiver.on_request = None
    await courier_of(second).turn()
    left = await deliveries_of(running, status="pending")
    assert left, "what the dead one had in hand is nobody else's until its claim runs out"
    running.clock.forward(seconds=31)
    await courier_of(second).turn()
    assert figures(await reach(office, content_id)) == (16, 0, 0, 0)
    sent = Counter(receiver.ids())
    assert set(sent) == {each["_id"] for each in await deliveries_of(running, attempts=1)}
    assert max(sent.values()) == 2, "some were sent twice, all under their own id"
    assert len(await told_of_delivery(running, content_id)) == 1


async def test_an_orderly_end_gives_back_what_is_in_hand(
    running: Running, second: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 3)
    receiver.answer("/hook", None)
    content_id = await running.desk("diskominfo").published(audience=AUDIENCE)
    courier = courier_of(running)
    courier._sending._pace = type(courier._sending._pace)(16, 0.05, ending_seconds=0.05)
    await courier.start()
    await eventually(lambda: len(receiver.received) == 3, what="all three are being sent")
    await courier.stop()
    receiver.answer("/hook", b"HTTP/1.1 204 No Content\r\n\r\n")
    await courier_of(second).turn()
    shown = await reach(running.desk("diskominfo"), content_id)
    assert figures(shown) == (6, 0, 0, 0)
