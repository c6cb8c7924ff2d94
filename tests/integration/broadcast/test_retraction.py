"""A retraction or a correction stops what was not yet sent, and tells what was."""

from collections.abc import AsyncIterator

import pytest

from kentongan.testing.environment import Backends
from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    courier_process,
    deliveries_of,
    figures,
    groups_with_webhooks,
    reach,
    told_of_delivery,
)
from tests.integration.broadcast.receiver import Received, Receiver, status
from tests.integration.broadcast.running import Running
from tests.support.clock import Clock


@pytest.fixture
async def running(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async with courier_process(
        stack, mongo_database_name, Clock(), broadcast_sends_at_once=2
    ) as one:
        yield one


async def test_a_retraction_amid_sending_stops_the_rest_and_reports_those_sent(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 12)
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)

    async def retract(_: Received) -> None:
        if len(receiver.received) == 3:
            await office.retract(content_id)

    receiver.on_request = retract
    await courier_of(running).turn()
    sent = len(receiver.received)
    assert 3 <= sent <= 5, "those on the wire at that moment, none after"
    shown = await reach(office, content_id)
    assert figures(shown) == (12 + sent, 0, 12 - sent, 0)
    assert {each["cancelled"] for each in await deliveries_of(running, status="cancelled")} == {
        "retracted"
    }
    (event,) = await told_of_delivery(running, content_id)
    assert event["status"] == "retracted"
    assert event["reach"]["delivered"] == 12 + sent
    assert event["reach"]["cancelled"] == 12 - sent


async def test_a_retraction_amid_planning_ends_it(running: Running, receiver: Receiver) -> None:
    await groups_with_webhooks(running, receiver, 35)
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    planning = courier_of(running)._planning
    advance = planning._advance

    async def retract_then_advance(*arguments: object) -> None:
        if (await office.content(content_id))["status"] == "published":
            await office.retract(content_id)
        await advance(*arguments)  # type: ignore[arg-type]

    planning._advance = retract_then_advance  # type: ignore[method-assign]
    await courier_of(running).turn()
    assert receiver.received == []
    shown = await reach(office, content_id)
    assert (shown["groups"], *figures(shown)) == (10, 10, 0, 10, 0)
    assert len(await told_of_delivery(running, content_id)) == 1


async def test_a_content_retracted_before_planning_reaches_nobody(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 2)
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    await office.retract(content_id)
    await courier_of(running).turn()
    assert receiver.received == []
    assert await deliveries_of(running) == []


async def test_a_retraction_calls_off_what_waits_for_a_retry(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 2)
    receiver.answer("/hook", status(500))
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    assert figures(await reach(office, content_id)) == (2, 0, 0, 2)
    await office.retract(content_id)
    await courier_of(running).turn()
    assert figures(await reach(office, content_id)) == (2, 0, 2, 0)
    running.clock.forward(hours=1)
    await courier_of(running).turn()
    assert len(receiver.received) == 2


async def test_a_correction_supersedes_what_is_pending_and_is_delivered_anew(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 3)
    receiver.answer("/hook", status(500))
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    await office.correct(content_id, title="Jadwal imunisasi yang benar")
    receiver.answer("/hook", status(200))
    await courier_of(running).turn()
    running.clock.forward(hours=1)
    await courier_of(running).turn()
    first = await deliveries_of(running, edition=1, channel_id={"$exists": True})
    assert {(each["status"], each["cancelled"]) for each in first} == {("cancelled", "superseded")}
    later = [got for got in receiver.received if ":2:" in got.webhook_id]
    assert len(later) == 3
    assert {got.content["type"] for got in later} == {"content.corrected"}
    assert {got.content["data"]["title"] for got in later} == {"Jadwal imunisasi yang benar"}
    shown = await reach(office, content_id)
    assert (shown["edition"], *figures(shown)) == (2, 6, 0, 0, 0)
    assert [each["reach"]["edition"] for each in await told_of_delivery(running, content_id)] == [2]


async def test_each_edition_that_ended_is_told_once(running: Running, receiver: Receiver) -> None:
    await groups_with_webhooks(running, receiver, 2)
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    for _ in range(3):
        await courier_of(running).turn()
    await office.correct(content_id, title="Yang kedua")
    for _ in range(3):
        await courier_of(running).turn()
    told = await told_of_delivery(running, content_id)
    assert [each["reach"]["edition"] for each in told] == [1, 2]
