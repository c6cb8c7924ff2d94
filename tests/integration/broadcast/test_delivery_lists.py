"""Lists of deliveries, and an edition's figures."""

from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    figures,
    groups_with_webhooks,
    reach,
    registered,
)
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.profiling import profiled
from tests.integration.broadcast.receiver import Receiver, status
from tests.integration.broadcast.running import Running
from tests.support.desk import refused


async def test_lists_of_deliveries_page_and_filter(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 7, path="/bad")
    receiver.answer("/bad", status(500))
    content_id = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await office.get(f"/contents/{content_id}/deliveries", limit=4, **cursor)).json()
        seen += [each["id"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(seen) == len(set(seen)) == 14
    pending = await office.get(f"/contents/{content_id}/deliveries", status="pending")
    assert len(pending.json()["items"]) == 7
    assert {each["last"]["status"] for each in pending.json()["items"]} == {500}
    refused(
        await running.desk("diskominfo", region="36.72").get(f"/contents/{content_id}/deliveries"),
        404,
        "not-found",
    )
    refused(await running.kim("kim-000").get(f"/contents/{content_id}/reach"), 404, "not-found")


async def test_a_channels_deliveries_page_from_the_newest(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    channel = await registered(kim, receiver.url())
    contents = []
    for _ in range(5):
        contents.append(await office.published(audience=AUDIENCE))
        await courier_of(running).turn()
        running.clock.forward(seconds=1)
    path = f"/channels/{channel['id']}/deliveries"
    first = (await kim.get(path, limit=3)).json()
    rest = (await kim.get(path, limit=3, cursor=first["next_cursor"])).json()
    seen = [each["content_id"] for each in first["items"] + rest["items"]]
    assert seen == contents[::-1]
    assert rest["next_cursor"] is None


async def test_figures_of_what_was_never_published_walk_through_no_deliveries(
    running: Running, office: Desk, receiver: Receiver
) -> None:
    await groups_with_webhooks(running, receiver, 2)
    published = await office.published(audience=AUDIENCE)
    await courier_of(running).turn()
    draft = await office.draft()
    async with profiled(running.database) as profile:
        none_yet = await reach(office, draft)
        pages = [
            (await office.get(f"/contents/{draft}/deliveries", **filters)).json()
            for filters in ({}, {"status": "pending"}, {"edition": "1"})
        ]
        some = await reach(office, published)
        page = (await office.get(f"/contents/{published}/deliveries")).json()
    assert (none_yet["edition"], none_yet["planning"], none_yet["groups"]) == (0, None, 0)
    assert (*figures(none_yet), none_yet["late"]) == (0, 0, 0, 0, 0)
    assert pages == [{"items": [], "next_cursor": None}] * 3
    assert (figures(some), len(page["items"])) == ((4, 0, 0, 0), 4)
    assert profile.on("deliveries"), "the profiler saw nothing"
    assert not any(each.scanned for each in profile.on("deliveries"))
    refused(
        await office.get(f"/contents/{draft}/deliveries", cursor="bukan"), 400, "invalid-cursor"
    )
