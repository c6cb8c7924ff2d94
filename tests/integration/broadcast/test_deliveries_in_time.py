"""When deliveries happen: at the time that was set, in time or late, or not at all."""

from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    deliveries_of,
    groups_with_webhooks,
    reach,
)
from tests.integration.broadcast.receiver import Receiver
from tests.integration.broadcast.running import Running


async def test_a_content_set_for_later_is_published_and_delivered_in_its_time(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 2)
    office = running.desk("diskominfo")
    content_id = await office.in_review(audience=AUDIENCE)
    at = running.clock.now.replace(microsecond=0)
    running.clock.forward(hours=-1)
    await office.publish(content_id, at=at.isoformat())
    await courier_of(running).turn()
    assert receiver.received == []
    running.clock.forward(hours=1)
    await courier_of(running).turn()
    assert len(receiver.received) == 2


async def test_a_groups_own_content_goes_to_no_inbox_but_is_done(running: Running) -> None:
    kim_id = await running.tell_kim(1)
    desk = running.kim(kim_id)
    content_id = await desk.draft("activity")
    await desk.publish(content_id)
    await courier_of(running).turn()
    assert await deliveries_of(running) == []
    assert (await reach(desk, content_id))["planning"] == "delivered"


async def test_what_arrives_after_the_promised_time_is_late(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 2)
    office = running.desk("diskominfo")
    content_id = await office.published(audience=AUDIENCE)
    running.clock.forward(seconds=301)
    await courier_of(running).turn()
    shown = await reach(office, content_id)
    assert (shown["delivered"], shown["late"]) == (4, 4)
