"""Webhooks end to end: registered over HTTP, signed, posted to a real server, verified there."""

from prometheus_client import REGISTRY

from kentongan.testing.environment import Backends
from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    courier_process,
    deliveries_of,
    figures,
    groups_with_webhooks,
    reach,
    registered,
    told_of_delivery,
)
from tests.integration.broadcast.receiver import Receiver, status
from tests.integration.broadcast.running import Running


def sent_so_far() -> float:
    """By the service's own metric."""
    labels = {"service": "broadcast", "outcome": "delivered"}
    return REGISTRY.get_sample_value("kentongan_webhook_sendings_total", labels) or 0.0


async def publish(running: Running) -> str:
    return await running.desk("diskominfo").published(audience=AUDIENCE)


async def test_every_webhook_gets_the_content_signed_with_its_own_secret(
    running: Running, receiver: Receiver
) -> None:
    groups = await groups_with_webhooks(running, receiver, groups=3, webhooks=2)
    content_id = await publish(running)
    before = sent_so_far()
    await courier_of(running).turn()
    assert sent_so_far() - before == 6
    secrets = {
        f"{content_id}:1:{kim_id}:{one['id']}": one["secret"]
        for kim_id, receipts in groups.items()
        for one in receipts
    }
    assert sorted(receiver.ids()) == sorted(secrets)
    for got in receiver.received:
        body = got.verified(secrets[got.webhook_id])
        assert body["type"] == "content.published"
        assert body["data"]["content_id"] == content_id
    shown = await reach(running.desk("diskominfo"), content_id)
    assert (shown["groups"], *figures(shown)) == (3, 9, 0, 0, 0)
    (event,) = await told_of_delivery(running, content_id)
    assert event["reach"] == {
        "edition": 1,
        "groups": 3,
        "delivered": 9,
        "failed": 0,
        "cancelled": 0,
        "late": 0,
    }


async def test_retries_carry_the_same_id_and_wait_longer_each_time(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, groups=1)
    receiver.answer("/hook", status(500), status(503), status(200))
    content_id = await publish(running)
    courier, waits = courier_of(running), []
    for _ in range(2):
        await courier.turn()
        (waiting,) = await deliveries_of(running, status="pending")
        waits.append((waiting["due_at"] - running.clock.now).total_seconds())
        await courier.turn()
        running.clock.now = waiting["due_at"]
    await courier.turn()
    assert len(receiver.received) == 3, "nothing is sent before its time"
    assert len(set(receiver.ids())) == 1
    assert 2.5 <= waits[0] <= 5
    assert 7.5 <= waits[1] <= 15
    assert figures(await reach(running.desk("diskominfo"), content_id)) == (2, 0, 0, 0)


async def test_a_receiver_that_asks_for_time_is_left_alone_until_then(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, groups=1)
    receiver.answer("/hook", status(429, Retry_After="240"), status(200))
    await publish(running)
    courier = courier_of(running)
    await courier.turn()
    running.clock.forward(seconds=239)
    await courier.turn()
    assert len(receiver.received) == 1
    running.clock.forward(seconds=2)
    await courier.turn()
    assert len(receiver.received) == 2


async def test_redirects_are_not_followed(running: Running, receiver: Receiver) -> None:
    await groups_with_webhooks(running, receiver, groups=1)
    receiver.answer("/hook", status(302, Location=receiver.url("/elsewhere")))
    await publish(running)
    await courier_of(running).turn()
    assert receiver.at("/elsewhere") == []
    (waiting,) = await deliveries_of(running, status="pending")
    assert waiting["last"]["status"] == 302


async def test_a_receiver_that_never_answers_ends_in_time_and_hinders_nobody(
    stack: Backends, running: Running, receiver: Receiver
) -> None:
    kims = [await running.tell_kim(number) for number in range(2)]
    await registered(running.kim(kims[0]), receiver.url("/silent"))
    await registered(running.kim(kims[1]), receiver.url("/hook"))
    receiver.answer("/silent", None)
    await publish(running)
    hasty = courier_process(stack, running.database.name, running.clock, broadcast_send_seconds=3)
    async with hasty as other:
        await courier_of(other).turn()
    assert len(receiver.at("/hook")) == 1
    (waiting,) = await deliveries_of(running, status="pending")
    assert waiting["last"] == {"at": running.clock.now, "status": None, "error": "timeout"}


async def test_a_slow_host_that_many_share_gets_few_lanes(
    stack: Backends, running: Running, receiver: Receiver
) -> None:
    """Once it is known to be slow, four at a time; what has to wait counts no attempt."""
    await groups_with_webhooks(running, receiver, groups=8, path="/silent")
    receiver.answer("/silent", None)
    await publish(running)
    hasty = courier_process(stack, running.database.name, running.clock, broadcast_send_seconds=3)
    async with hasty as other:
        await courier_of(other).turn()
        assert len(receiver.received) == 8
        running.clock.forward(seconds=6)
        await courier_of(other).turn()
    assert len(receiver.received) == 12
    waiting = await deliveries_of(running, status="pending")
    assert sorted(each["attempts"] for each in waiting) == [1, 1, 1, 1, 2, 2, 2, 2]


async def test_an_endless_answer_is_read_up_to_its_bound(
    running: Running, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, groups=1)
    receiver.answer("/hook", status(200, b"x" * 5_000_000))
    content_id = await publish(running)
    await courier_of(running).turn()
    assert figures(await reach(running.desk("diskominfo"), content_id)) == (2, 0, 0, 0)


async def test_nobody_there_is_unreachable(running: Running, free_port: int) -> None:
    desk = running.kim(await running.tell_kim(1))
    await registered(desk, f"http://127.0.0.1:{free_port}/hook")
    await publish(running)
    await courier_of(running).turn()
    (waiting,) = await deliveries_of(running, status="pending")
    assert waiting["last"]["error"] == "unreachable"


async def test_private_targets_are_refused_at_connect(
    stack: Backends, running: Running, receiver: Receiver
) -> None:
    """Registered while they were allowed, or by a name: the check is where the connection is."""
    await groups_with_webhooks(running, receiver, groups=1)
    await publish(running)
    strict = courier_process(
        stack, running.database.name, running.clock, broadcast_private_targets=False
    )
    async with strict as other:
        await courier_of(other).turn()
    assert receiver.connections == 0
    (waiting,) = await deliveries_of(running, status="pending")
    assert waiting["last"]["error"] == "target-refused"


async def test_an_integrator_gets_what_touches_its_regions_and_kinds(
    running: Running, receiver: Receiver
) -> None:
    integrator = running.desk("integrator")
    for path, wanted in (
        ("/all", {}),
        ("/district", {"regions": ["36.71.01"]}),
        ("/elsewhere", {"regions": ["36.71.09"]}),
        ("/activities", {"kinds": ["activity"]}),
    ):
        await registered(integrator, receiver.url(path), **wanted)
    office = running.desk("diskominfo")
    content_id = await office.published(audience={**AUDIENCE, "regions": ["36.71.01"]})
    await courier_of(running).turn()
    assert {got.path for got in receiver.received} == {"/all", "/district"}
    assert all(each.startswith(f"{content_id}:1:-:") for each in receiver.ids("/all"))
