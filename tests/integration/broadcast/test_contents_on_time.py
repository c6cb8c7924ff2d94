"""Contents with a time set are published when it comes, once, by whichever courier is first."""

import asyncio
from datetime import timedelta

import pytest

from services.broadcast.publishing.scheduling import Scheduling
from services.broadcast.read_models import KimDirectory
from services.broadcast.stores import open_stores
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.running import Running

pytestmark = pytest.mark.days


def scheduling(broadcast: Running) -> Scheduling:
    return Scheduling(open_stores(broadcast.database), KimDirectory(broadcast.database))


async def scheduled(broadcast: Running, desk: Desk, content_id: str, minutes: int) -> None:
    at = broadcast.clock.now + timedelta(minutes=minutes)
    await desk.publish(content_id, at=at.isoformat())


async def test_it_becomes_public_when_its_time_comes(broadcast: Running, diskominfo: Desk) -> None:
    soon, later = await diskominfo.in_review(), await diskominfo.in_review()
    await scheduled(broadcast, diskominfo, soon, 10)
    await scheduled(broadcast, diskominfo, later, 20)
    couriers = [scheduling(broadcast) for _ in range(3)]

    async def turn() -> int:
        now = broadcast.clock.now
        return sum(await asyncio.gather(*(each.publish_due(now) for each in couriers)))

    broadcast.clock.forward(minutes=9)
    assert await turn() == 0
    broadcast.clock.forward(minutes=1)
    assert await turn() >= 1
    assert await turn() == 0
    assert await broadcast.public.listed() == [soon]
    (event,) = await broadcast.recorded(soon)
    assert event["event"] == "ContentPublished"
    content = await broadcast.public.content(soon)
    assert content["published_at"] == broadcast.clock.now.isoformat().replace("+00:00", "Z")
    broadcast.clock.forward(hours=1)
    await turn()
    assert set(await broadcast.public.listed()) == {soon, later}


async def test_another_time_or_now_may_be_set(broadcast: Running, diskominfo: Desk) -> None:
    content_id = await diskominfo.in_review()
    await scheduled(broadcast, diskominfo, content_id, 10)
    await scheduled(broadcast, diskominfo, content_id, 30)
    broadcast.clock.forward(minutes=15)
    assert await scheduling(broadcast).publish_due(broadcast.clock.now) == 0
    assert (await diskominfo.publish(content_id))["status"] == "published"
    broadcast.clock.forward(minutes=15)
    assert await scheduling(broadcast).publish_due(broadcast.clock.now) == 0
    assert len(await broadcast.recorded(content_id)) == 1


async def test_a_group_that_is_no_longer_registered_publishes_nothing(broadcast: Running) -> None:
    group = broadcast.kim(await broadcast.tell_kim(1))
    content_id = await group.draft("activity")
    await scheduled(broadcast, group, content_id, 10)
    await broadcast.tell_kim(1, "dissolved")
    broadcast.clock.forward(minutes=10)
    assert await scheduling(broadcast).publish_due(broadcast.clock.now) == 0
    content = await group.content(content_id)
    assert content["status"] == "draft"
    assert "tidak terdaftar" in content["return_reason"]
