"""A webhook's secret, rotated: once a request, the old one beside the new, and not too often."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from tests.integration.broadcast.couriers import AUDIENCE, courier_of, registered
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.receiver import Received, Receiver
from tests.integration.broadcast.running import Running
from tests.support.desk import refused

URL = "https://kim-gerendeng.example.id/webhook"


@pytest.fixture
async def kim(running: Running) -> Desk:
    return running.kim(await running.tell_kim(1))


async def test_after_a_rotation_old_and_new_secret_verify_for_a_day(
    running: Running, receiver: Receiver
) -> None:
    kim_id = await running.tell_kim(1)
    desk = running.kim(kim_id)
    first = await registered(desk, receiver.url())
    rotated = (await desk.post(f"/channels/{first['id']}/secret")).json()
    assert rotated["secret"] != first["secret"]
    await running.desk("diskominfo").published(audience=AUDIENCE)
    await courier_of(running).turn()
    (got,) = receiver.received
    got.verified(first["secret"])
    got.verified(rotated["secret"])
    running.clock.forward(hours=25)
    await running.desk("diskominfo").published(audience=AUDIENCE)
    await courier_of(running).turn()
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    assert len(receiver.received[-1].headers["webhook-signature"].split(" ")) == 1


async def test_rotated_twice_within_a_day_each_old_secret_verifies_for_its_own_day(
    running: Running, receiver: Receiver
) -> None:
    desk = running.kim(await running.tell_kim(1))
    made = await registered(desk, receiver.url())
    secrets = [made["secret"]]
    for _ in range(2):
        answered = await desk.post(f"/channels/{made['id']}/secret")
        secrets.append(answered.json()["secret"])
        running.clock.forward(hours=10)

    async def signed_with() -> list[str]:
        await running.desk("diskominfo").published(audience=AUDIENCE)
        await courier_of(running).turn()
        return [each for each in secrets if is_signed_with(receiver.received[-1], each)]

    assert await signed_with() == secrets, "20 hours after the first, 10 after the second"
    running.clock.forward(hours=5)
    assert await signed_with() == secrets[1:]
    running.clock.forward(hours=10)
    assert await signed_with() == secrets[2:]


def is_signed_with(got: Received, secret: str) -> bool:
    """Whatever the time: the library believes a moment near that of this machine only."""
    at = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    signature = Webhook(secret).sign(got.webhook_id, at, got.body.decode())
    return signature in got.headers["webhook-signature"].split(" ")


async def test_a_retried_rotation_rotates_once(kim: Desk) -> None:
    made = await registered(kim, URL)
    path = f"/channels/{made['id']}/secret"
    first = await kim.post(path, Idempotency_Key="rot-1")
    again = await kim.post(path, Idempotency_Key="rot-1")
    assert first.json() == again.json()
    assert first.json()["generation"] == 2


async def test_a_fifth_rotation_within_a_day_is_refused(running: Running, kim: Desk) -> None:
    path = f"/channels/{(await registered(kim, URL))['id']}"
    for number in range(4):
        running.clock.forward(hours=1)
        answered = await kim.post(f"{path}/secret", Idempotency_Key=f"rot-{number}")
        assert answered.json()["generation"] == number + 2
    refused(await kim.post(f"{path}/secret"), 409, "too-many-rotations")
    again = await kim.post(f"{path}/secret", Idempotency_Key="rot-3")
    assert again.json() == answered.json(), "a repeated request is none"
    shown = (await kim.get(path)).json()
    assert shown["generation"] == 5
    assert datetime.fromisoformat(shown["rotated_at"]) == running.clock.now
    running.clock.forward(hours=21)
    assert (await kim.post(f"{path}/secret")).json()["generation"] == 6
