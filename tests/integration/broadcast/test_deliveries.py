"""Deliveries: given up, switched off, replayed."""

from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    deliveries_of,
    figures,
    groups_with_webhooks,
    reach,
    registered,
    told_of_delivery,
)
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.receiver import Receiver, status
from tests.integration.broadcast.running import Running
from tests.support.desk import refused


async def until_given_up(running: Running) -> None:
    """Each attempt in its time, to the last."""
    for _ in range(10):
        await courier_of(running).turn()
        running.clock.forward(hours=7)


async def test_after_the_last_attempt_a_delivery_is_given_up_and_the_figures_are_final(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 1)
    receiver.answer("/hook", status(500))
    content_id = await office.published(audience=AUDIENCE)
    await until_given_up(running)
    assert len(receiver.received) == 4
    assert figures(await reach(office, content_id)) == (1, 1, 0, 0)
    (event,) = await told_of_delivery(running, content_id)
    assert (event["reach"]["delivered"], event["reach"]["failed"]) == (1, 1)


async def test_gone_switches_the_channel_off_at_once_and_fails_what_waits_for_it(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    kim_id = await running.tell_kim(1)
    kim = running.kim(kim_id)
    channel = await registered(kim, receiver.url())
    receiver.answer("/hook", status(500), status(410))
    waiting = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    gone = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    shown = (await kim.get(f"/channels/{channel['id']}")).json()
    assert (shown["status"], shown["off_reason"]) == ("off", "gone")
    later = await office.published(audience=AUDIENCE)
    running.clock.forward(hours=7)
    await courier_of(running).turn()
    assert len(receiver.received) == 2
    for content_id in (waiting, gone):
        assert figures(await reach(office, content_id)) == (1, 1, 0, 0)
    assert figures(await reach(office, later)) == (1, 0, 0, 0), "an off channel gets none"
    errors = {
        each["last"]["error"]
        for each in await deliveries_of(running, content_id=waiting)
        if "last" in each
    }
    assert errors == {"channel-off"}


async def test_three_given_up_in_a_row_switch_off_until_the_owner_activates(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    channel = await registered(kim, receiver.url())
    path = f"/channels/{channel['id']}"
    receiver.answer("/hook", status(500))
    for expected in ("active", "active", "off"):
        await office.published(audience=AUDIENCE)
        await until_given_up(running)
        assert (await kim.get(path)).json()["status"] == expected
    assert (await kim.get(path)).json()["off_reason"] == "given-up"
    assert (await kim.post(f"{path}/activation")).json()["status"] == "active"
    await office.published(audience=AUDIENCE)
    await until_given_up(running)
    assert (await kim.get(path)).json()["status"] == "active", "the row begins anew"


async def test_one_arrival_breaks_the_row(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    channel = await registered(kim, receiver.url())
    for answer in (500, 500, 200, 500, 500):
        receiver.answer("/hook", status(answer))
        await office.published(audience=AUDIENCE)
        await until_given_up(running)
    assert (await kim.get(f"/channels/{channel['id']}")).json()["status"] == "active"


async def test_a_removed_channel_gets_nothing_more(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    channel = await registered(kim, receiver.url())
    receiver.answer("/hook", status(500))
    content_id = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    await kim.post(f"/channels/{channel['id']}/removal")
    running.clock.forward(hours=1)
    await courier_of(running).turn()
    assert len(receiver.received) == 1
    assert figures(await reach(office, content_id)) == (1, 1, 0, 0)


async def test_the_owner_replays_under_the_same_id(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    channel = await registered(kim, receiver.url())
    content_id = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    (shown,) = (await kim.get(f"/channels/{channel['id']}/deliveries")).json()["items"]
    path = f"/deliveries/{shown['id']}/replay"
    first = await kim.post(path, Idempotency_Key="again-1")
    again = await kim.post(path, Idempotency_Key="again-1")
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.headers["Idempotency-Replayed"] == "true"
    refused(await kim.post(path), 409, "delivery-not-replayable")
    assert figures(await reach(office, content_id)) == (1, 0, 0, 1)
    await courier_of(running).turn()
    assert receiver.ids() == [shown["id"], shown["id"]]
    receiver.received[-1].verified(channel["secret"])
    assert figures(await reach(office, content_id)) == (2, 0, 0, 0)
    assert len(await told_of_delivery(running, content_id)) == 1
    assert (await kim.post(path, Idempotency_Key="again-2")).status_code == 202
    await courier_of(running).turn()
    assert len(receiver.received) == 3


async def test_what_is_no_longer_true_or_nobodys_is_not_replayed(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    stranger = running.kim(await running.tell_kim(2))
    channel = await registered(kim, receiver.url())
    content_id = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    replay = f"/deliveries/{content_id}:1:kim-001:{channel['id']}/replay"
    inbox = f"/deliveries/{content_id}:1:kim-001:inbox/replay"
    refused(await stranger.post(replay), 404, "not-found")
    refused(await kim.post(inbox), 404, "not-found")
    refused(await kim.post("/deliveries/nothing/replay"), 404, "not-found")
    refused(await office.post(replay), 403, "wrong-role")
    await office.correct(content_id, title="Yang benar")
    refused(await kim.post(replay), 409, "edition-not-current")
    await office.retract(content_id)
    refused(await kim.post(replay), 409, "edition-not-current")
    await kim.post(f"/channels/{channel['id']}/removal")
    refused(await kim.post(replay), 409, "channel-not-active")
