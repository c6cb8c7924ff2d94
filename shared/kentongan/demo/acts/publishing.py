"""Fourth act: the city publishes, corrects and retracts; groups publish what is their own."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from kentongan.demo.acts.subscribing import Channel
from kentongan.demo.acts.world import Group, World
from kentongan.demo.city import contents
from kentongan.demo.city.contents import Wording
from kentongan.demo.clients.service_client import Accepted, ServiceClient
from kentongan.demo.clients.waiting import until
from kentongan.demo.consistency.journal import Expectation
from kentongan.demo.summary import Text
from kentongan.domain.clock import utc_now

DOWN_SECONDS = 3.0
"""Longer than the promise, shorter than the courier's patience: see `subscribing.IMPATIENT`."""
SCHEDULED_IN = timedelta(seconds=1)
ARRIVING_SECONDS, SETTLING_SECONDS = 20.0, 60.0
NOTHING_CHANGED = Text("Tidak ada yang terbit.", "Nothing was published.")


@dataclass(slots=True)
class CityContent:
    """A content of the city, as its client remembers it."""

    id: str
    title: str
    audience: Text
    edition: int = 1


async def publish_of_city(world: World, groups: Sequence[Group]) -> list[CityContent]:
    """To all, to a district, to a potential, at a time; one corrected, one taken back on the way.

    All the while one of the receiver's addresses is down; what it gets afterwards comes late.
    """
    everyone = Text("semua KIM", "all groups")
    city = {"regions": [world.city.code]}
    district = _biggest_district(groups)
    named = world.city.districts[district]
    potential = Counter(one for group in groups for one in group.potentials).most_common(1)[0][0]
    there = Text(f"KIM di kecamatan {named}", f"groups in {named} district")
    gifted = Text(f"KIM dengan potensi {potential}", f"groups with the potential {potential}")
    training = Wording(
        contents.TRAINING.kind,
        contents.TRAINING.title.format(potential=potential),
        *(contents.TRAINING.summary, contents.TRAINING.body, contents.TRAINING.tags),
    )
    steps: tuple[Callable[[], Awaitable[CityContent]], ...] = (
        lambda: _publish(world, contents.MARKET, city, everyone),
        lambda: _publish_corrected(world, {"regions": [district]}, there),
        lambda: _publish(world, training, {**city, "potentials": [potential]}, gifted, twice=True),
        lambda: _publish_at_a_time(world, contents.HOAX, city, everyone),
        lambda: _publish_and_retract(world, contents.POWER_CUT, city, everyone),
    )
    world.progress.begin(
        Text("Kota menyiarkan, meralat, dan menarik", "The city publishes, corrects, retracts"),
        len(steps),
    )
    began = time.monotonic()
    published: list[CityContent] = []
    for step in steps:
        published.append(await step())
        world.progress.advance()
    await asyncio.sleep(max(0.0, DOWN_SECONDS - (time.monotonic() - began)))
    await world.receiver.recover()
    return published


async def publish_of_groups(world: World, groups: Sequence[Group]) -> None:
    """Boards tell their own region what it has and what they achieved; one oversteps."""
    await world.each(
        Text("KIM menerbitkan potensi dan prestasi", "Groups publish potential and achievements"),
        groups,
        lambda group: _publish_own(world, group),
    )
    board = _board(world, groups[0])
    attempt = board.command("content.draft", "POST", "/v1/contents", contents.HOAX.payload())
    await world.must_refuse("broadcast", "kind-for-city-only", attempt, NOTHING_CHANGED)


async def until_delivered(
    world: World, published: Sequence[CityContent], channels: Sequence[Channel]
) -> None:
    """Wait until no delivery is left to be sent: arrived, given up or called off, every one."""
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())

    async def settle(content: CityContent) -> None:
        async def settled() -> bool | None:
            found = await diskominfo.read(f"/v1/contents/{content.id}/reach")
            whole = found["edition"] == content.edition and found["planning"] == "delivered"
            return whole or None

        await until(settled, seconds=SETTLING_SECONDS, what=f"the reach of {content.title}")

    async def empty(channel: Channel) -> None:
        """Deliveries of editions that were passed, and of notices, are no content's reach."""
        path = f"/v1/channels/{channel.id}/deliveries"

        async def emptied() -> bool | None:
            found = await channel.owner.read(path, status="pending", limit=1)
            return None if found["items"] else True

        await until(emptied, seconds=SETTLING_SECONDS, what=f"deliveries of {channel.id}")

    await world.each(
        Text("Kurir menyelesaikan kiriman", "The courier finishes its deliveries"),
        (*(partial(settle, one) for one in published), *(partial(empty, one) for one in channels)),
        lambda step: step(),
    )


def _board(world: World, group: Group) -> ServiceClient:
    return world.broadcast.acting_as(world.tokens.kim(group.id, group.dossier.village.code))


def _biggest_district(groups: Sequence[Group]) -> str:
    counts = Counter(group.dossier.village.district_code for group in groups)
    return max(sorted(counts), key=lambda code: counts[code])


async def _draft(world: World, wording: Wording, audience: dict[str, Any]) -> Accepted:
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    payload = wording.payload(audience=audience)
    drafted = await diskominfo.command("content.draft", "POST", "/v1/contents", payload)
    return await _submit(diskominfo, drafted.id)


async def _submit(author: ServiceClient, content_id: str) -> Accepted:
    path = f"/v1/contents/{content_id}/review"
    return await author.command("content.submit", "POST", path, aggregate=content_id)


async def _publish(
    world: World, wording: Wording, audience: dict[str, Any], named: Text, *, twice: bool = False
) -> CityContent:
    """Draft, submit, publish; `twice`: it comes back from review once, and is edited."""
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    submitted = await _draft(world, wording, audience)
    if twice:
        returned = await diskominfo.command(
            "content.return",
            "POST",
            f"/v1/contents/{submitted.id}/return",
            {"reason": contents.TRAINING_RETURNED},
            aggregate=submitted.id,
        )
        await diskominfo.command(
            "content.edit",
            "PUT",
            f"/v1/contents/{submitted.id}",
            wording.payload(audience=audience, tags=[*wording.tags, "gratis"]),
            if_match=returned.version,
            aggregate=submitted.id,
        )
        await _submit(diskominfo, submitted.id)
    await _release(diskominfo, submitted.id)
    return CityContent(submitted.id, wording.title, named)


async def _release(author: ServiceClient, content_id: str) -> Accepted:
    return await author.command(
        "content.publish",
        "POST",
        f"/v1/contents/{content_id}/publication",
        {},
        aggregate=content_id,
        publishes="ContentPublished",
    )


async def _publish_corrected(world: World, audience: dict[str, Any], named: Text) -> CityContent:
    content = await _publish(world, contents.IMMUNISATION, audience, named)
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    await diskominfo.command(
        "content.correct",
        "POST",
        f"/v1/contents/{content.id}/correction",
        {
            **contents.IMMUNISATION_CORRECTED.wording(),
            "reason": contents.CORRECTION_REASON,
        },
        aggregate=content.id,
        publishes="ContentCorrected",
    )
    content.edition = 2
    return content


async def _publish_at_a_time(
    world: World, wording: Wording, audience: dict[str, Any], named: Text
) -> CityContent:
    """The courier publishes it; here only the time is set."""
    submitted = await _draft(world, wording, audience)
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    path = f"/v1/contents/{submitted.id}/publication"
    past = {"at": (utc_now() - SCHEDULED_IN).isoformat()}
    attempt = diskominfo.command("content.publish", "POST", path, past, aggregate=submitted.id)
    await world.must_refuse("broadcast", "publication-time-past", attempt, NOTHING_CHANGED)
    await diskominfo.command(
        "content.publish",
        "POST",
        path,
        {"at": (utc_now() + SCHEDULED_IN).isoformat()},
        aggregate=submitted.id,
        expecting=lambda _: [Expectation("ContentPublished", submitted.id)],
    )
    return CityContent(submitted.id, wording.title, named)


async def _publish_and_retract(
    world: World, wording: Wording, audience: dict[str, Any], named: Text
) -> CityContent:
    """Take it back as soon as the first webhooks arrived, while others are still to be sent."""
    content = await _publish(world, wording, audience, named)

    async def arrived() -> bool | None:
        taken = (await world.receiver.receipts()).taken
        return any(one.startswith(content.id) for one in taken) or None

    await until(arrived, seconds=ARRIVING_SECONDS, what="the first webhooks")
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    await diskominfo.command(
        "content.retract",
        "POST",
        f"/v1/contents/{content.id}/retraction",
        {"reason": contents.RETRACTION_REASON},
        aggregate=content.id,
        publishes="ContentRetracted",
    )
    return content


async def _publish_own(world: World, group: Group) -> None:
    board = _board(world, group)
    random = world.random(f"contents:{group.id}")
    for wording in contents.of_group(group.dossier.village, group.potentials, random):
        payload = wording.payload()
        drafted = await board.command("content.draft", "POST", "/v1/contents", payload)
        await _release(board, drafted.id)
