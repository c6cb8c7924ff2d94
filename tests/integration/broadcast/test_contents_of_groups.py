"""What a group writes: published by itself in its own region, or further by the city."""

from datetime import timedelta

import pytest

from tests.integration.broadcast.desk import WRITING, Desk
from tests.integration.broadcast.running import Running
from tests.support.desk import refused

pytestmark = pytest.mark.days


async def test_a_group_publishes_its_own_draft(broadcast: Running) -> None:
    kim_id = await broadcast.tell_kim(1)
    group = broadcast.kim(kim_id)
    content_id = await group.draft("potential")
    await group.publish(content_id)
    shown = await broadcast.public.content(content_id)
    assert (shown["author"], shown["kim_id"], shown["region_code"]) == (
        "kim",
        kim_id,
        "36.71.01.1001",
    )
    assert shown["audience"]["regions"] == ["36.71.01.1001"]
    assert await broadcast.public.listed(kim=kim_id) == [content_id]
    (event,) = await broadcast.recorded(content_id)
    assert (event["event"], event["author"], event["kim_id"]) == ("ContentPublished", "kim", kim_id)


async def test_it_speaks_for_itself_only(broadcast: Running) -> None:
    group = broadcast.kim(await broadcast.tell_kim(1))
    for kind in ("information", "clarification"):
        answer = await group.post("/contents", {"kind": kind, **WRITING})
        refused(answer, 422, "kind-for-city-only", "#/kind")
    wide = {"kind": "activity", **WRITING, "audience": {"regions": ["36.71"]}}
    refused(await group.post("/contents", wide), 422, "audience-of-group", "#/audience")
    own = {"kind": "activity", **WRITING, "audience": {"regions": ["36.71.01.1001"]}}
    assert (await group.post("/contents", own)).status_code == 201


async def test_only_a_registered_group_publishes(broadcast: Running) -> None:
    unknown = await broadcast.kim("kim-unknown").post("/contents", {"kind": "activity", **WRITING})
    problem = refused(unknown, 409, "not-known-yet")
    assert unknown.headers["Retry-After"] == "1" and problem["facts"]["id"] == "kim-unknown"
    kim_id = await broadcast.tell_kim(1)
    group = broadcast.kim(kim_id)
    content_id = await group.draft("activity")
    await broadcast.tell_kim(1, "suspended")
    refused(await group.post(f"/contents/{content_id}/publication", {}), 409, "kim-not-registered")
    refused(
        await group.post("/contents", {"kind": "activity", **WRITING}), 409, "kim-not-registered"
    )
    await broadcast.tell_kim(1)
    assert (await group.publish(content_id))["status"] == "published"


async def test_the_city_reviews_and_addresses_others(broadcast: Running, diskominfo: Desk) -> None:
    group = broadcast.kim(await broadcast.tell_kim(1))
    content_id = await group.draft("achievement")
    body = {"kind": "achievement", **WRITING, "audience": {"regions": ["36.71"]}}
    refused(
        await diskominfo.put(f"/contents/{content_id}", body, version=1),
        409,
        "impossible-transition",
    )
    await group.post(f"/contents/{content_id}/review")
    refused(
        await group.put(f"/contents/{content_id}", body, version=2), 409, "impossible-transition"
    )
    refused(
        await group.post(f"/contents/{content_id}/publication", {}), 409, "impossible-transition"
    )
    edited = await diskominfo.put(f"/contents/{content_id}", body, version=2)
    assert edited.status_code == 200, edited.text
    await diskominfo.publish(content_id)
    shown = await broadcast.public.content(content_id)
    assert (shown["author"], shown["audience"]["regions"]) == ("kim", ["36.71"])


async def test_what_the_city_addressed_stays_the_citys_to_publish(
    broadcast: Running, diskominfo: Desk
) -> None:
    """A group can't use an audience that the city once set in review."""
    group = broadcast.kim(await broadcast.tell_kim(1))
    content_id = await group.in_review("activity")
    body = {"kind": "activity", **WRITING, "audience": {"regions": ["36.71"]}}
    await diskominfo.put(f"/contents/{content_id}", body, version=2)
    later = (broadcast.clock.now + timedelta(days=366)).isoformat()
    await diskominfo.publish(content_id, at=later)
    refused(
        await group.post(f"/contents/{content_id}/publication", {}), 409, "impossible-transition"
    )
    await group.post(f"/contents/{content_id}/return", {"reason": "Kami terbitkan sendiri."})
    await group.publish(content_id)
    shown = await broadcast.public.content(content_id)
    assert shown["audience"]["regions"] == ["36.71.01.1001"]


async def test_others_neither_see_nor_touch_its_drafts(
    broadcast: Running, diskominfo: Desk
) -> None:
    group = broadcast.kim(await broadcast.tell_kim(1))
    neighbour = broadcast.kim(await broadcast.tell_kim(2))
    content_id = await group.draft("activity")
    path = f"/contents/{content_id}"
    foreign = broadcast.desk("diskominfo", region="36.72")
    for stranger in (neighbour, foreign, broadcast.public, broadcast.desk("campus")):
        refused(await stranger.get(path), 404, "not-found")
        refused(await stranger.get(f"{path}/history"), 404, "not-found")
        assert await stranger.listed(status="draft") == []
    assert await group.listed(status="draft") == [content_id]
    assert await diskominfo.listed(status="draft") == [content_id]
    refused(await neighbour.post(f"{path}/publication", {}), 403, "not-own")
    refused(await foreign.post(f"{path}/publication", {}), 403, "foreign-region")
    refused(await neighbour.get(f"{path}/decisions"), 404, "not-found")
    refused(await broadcast.public.post(f"{path}/publication", {}), 401, "unauthenticated")
    refused(await broadcast.desk("campus").post(f"{path}/publication", {}), 403, "wrong-role")


async def test_only_the_author_corrects_and_the_city_may_retract(
    broadcast: Running, diskominfo: Desk
) -> None:
    group = broadcast.kim(await broadcast.tell_kim(1))
    neighbour = broadcast.kim(await broadcast.tell_kim(2))
    content_id = await group.draft("activity")
    await group.publish(content_id)
    correction = {**WRITING, "title": "Lain", "reason": "x"}
    for other in (diskominfo, neighbour):
        refused(await other.post(f"/contents/{content_id}/correction", correction), 403, "not-own")
    assert (await group.correct(content_id, title="Lain"))["edition"] == 2
    refused(
        await neighbour.post(f"/contents/{content_id}/retraction", {"reason": "x"}), 403, "not-own"
    )
    assert (await diskominfo.retract(content_id))["status"] == "retracted"
    citys = await diskominfo.published()
    refused(await group.post(f"/contents/{citys}/retraction", {"reason": "x"}), 403, "not-own")


async def test_the_directories_are_shown_with_their_versions(
    broadcast: Running, diskominfo: Desk
) -> None:
    await broadcast.tell_kim(1)
    await broadcast.tell_kim(1, "suspended")
    await broadcast.tell_kim(2)
    listed = (await broadcast.public.get("/kims", region="36.71.01")).json()["items"]
    assert [(each["id"], each["version"], each["status"]) for each in listed] == [
        ("kim-001", 2, "suspended"),
        ("kim-002", 1, "registered"),
    ]
    one = await broadcast.public.get("/kims/kim-001")
    assert one.headers["ETag"] == '"2"'
    refused(await broadcast.public.get("/kims/kim-009"), 404, "not-found")
    refused(await broadcast.public.get("/assignments"), 401, "unauthenticated")
    assert (await diskominfo.get("/assignments")).json()["items"] == []
