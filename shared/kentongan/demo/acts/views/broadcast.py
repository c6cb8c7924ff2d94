"""What broadcast shows of what it holds and knows."""

from collections.abc import Mapping, Sequence
from typing import Any

from kentongan.demo.acts.publishing import CityContent
from kentongan.demo.acts.subscribing import Channel
from kentongan.demo.acts.views.reading import read_each
from kentongan.demo.acts.world import Group, World
from kentongan.demo.consistency.checker import Held, View
from kentongan.demo.consistency.recounting import (
    Recount,
    recount_notices,
    recount_reach,
    recount_webhooks,
)
from kentongan.demo.consistency.topics import TopicReading

PUBLIC_STATUSES = ("published", "retracted")
REACH = ("groups", "delivered", "failed", "cancelled", "late")
SAME_FIELDS = (
    *("kind", "author", "kim_id", "region_code", "status", "edition", "title", "summary", "tags"),
)


async def broadcast_views(world: World) -> list[View]:
    """Its own contents, and its directories of groups and assignments."""
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    contents = await public_contents(world)
    kims = await diskominfo.read_all("/v1/kims", region=world.city.code, limit=200)
    assignments = await diskominfo.read_all("/v1/assignments", limit=200)
    return [
        View(
            "broadcast: contents",
            "broadcast.contents",
            {one["id"]: _content(one) for one in contents},
            exact=False,
        ),
        View("broadcast: kims", "registry.kims", {one["id"]: _kim(one) for one in kims}),
        View(
            "broadcast: assignments",
            "placement.assignments",
            {one["id"]: _assignment(one) for one in assignments},
        ),
    ]


async def public_contents(world: World) -> list[Mapping[str, Any]]:
    """All contents that were ever published, as anyone may read them."""
    found: list[Mapping[str, Any]] = []
    for status in PUBLIC_STATUSES:
        found += await world.broadcast.read_all("/v1/contents", status=status, limit=200)
    return found


async def recounted_webhooks(world: World, channels: Sequence[Channel]) -> Recount:
    """The channels' deliveries as their owners see them, against what the receiver took."""
    books = await read_each(
        channels,
        lambda one: one.owner.read_all(f"/v1/channels/{one.id}/deliveries", limit=200),
    )
    receipts = await world.receiver.receipts()
    listed = [delivery for deliveries in books for delivery in deliveries]
    return recount_webhooks(listed, receipts.taken, receipts.unverified)


async def recounted_reach(
    world: World, reading: TopicReading, contents: Sequence[CityContent]
) -> Recount:
    """The reach of the city's contents as it is counted now, against what was published."""
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    found = await read_each(contents, lambda one: diskominfo.read(f"/v1/contents/{one.id}/reach"))
    reaches = {one["content_id"]: {name: one[name] for name in REACH} for one in found}
    return recount_reach(reading, reaches)


async def recounted_notices(world: World, assignments: Mapping[str, str]) -> Recount:
    """The inboxes of all groups, each read by its group, against the active assignments."""

    async def of_group(group: Group) -> list[str]:
        board = world.broadcast.acting_as(world.tokens.kim(group.id, group.dossier.village.code))
        received = await board.read_all(f"/v1/kims/{group.id}/inbox", limit=200)
        return [one["notice"]["enrolment_id"] for one in received if one["notice"]]

    groups = list(world.groups.values())
    inboxes = await read_each(groups, of_group)
    ids = (group.id for group in groups)
    return recount_notices(assignments, dict(zip(ids, inboxes, strict=True)))


def _content(content: Mapping[str, Any]) -> Held:
    same = {name: content[name] for name in SAME_FIELDS}
    audience = {f"audience.{name}": value for name, value in content["audience"].items()}
    return Held(content["version"], {**same, **audience})


def _kim(kim: Mapping[str, Any]) -> Held:
    return Held(
        kim["version"],
        {
            "name": kim["name"],
            "region.code": kim["region_code"],
            "region.district_code": kim["district_code"],
            "status": kim["status"],
            "potentials": kim["potentials"],
        },
    )


def _assignment(assignment: Mapping[str, Any]) -> Held:
    return Held(
        assignment["version"],
        {"status": assignment["status"], "kim_id": assignment["kim_id"]},
    )
