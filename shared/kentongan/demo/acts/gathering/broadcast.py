"""Contents and deliveries, from what broadcast answers and the receiver of webhooks saw."""

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree

from kentongan.demo.acts.publishing import CityContent
from kentongan.demo.acts.subscribing import Channel, channel_states
from kentongan.demo.acts.views.broadcast import public_contents
from kentongan.demo.acts.world import World
from kentongan.demo.summary import ContentShown, GroupContents, WebhookFigures

ATOM = "{http://www.w3.org/2005/Atom}"


async def content_shown(world: World, content: CityContent) -> ContentShown:
    """A content of the city and the reach of its newest edition."""
    diskominfo = world.broadcast.acting_as(world.tokens.diskominfo())
    found = await diskominfo.read(f"/v1/contents/{content.id}")
    reach = await diskominfo.read(f"/v1/contents/{content.id}/reach")
    return ContentShown(
        title=found["title"],
        kind=found["kind"],
        audience=content.audience,
        status=found["status"],
        edition=found["edition"],
        groups=reach["groups"],
        deliveries=sum(reach[name] for name in ("delivered", "failed", "cancelled", "pending")),
        on_time=reach["delivered"] - reach["late"],
        late=reach["late"],
        failed=reach["failed"],
        cancelled=reach["cancelled"],
        pending=reach["pending"],
    )


async def group_contents(world: World, notices: int) -> GroupContents:
    """What groups published, and how much of everything stands in the city's feed."""
    contents = await public_contents(world)
    kinds = Counter(one["kind"] for one in contents if one["author"] == "kim")
    return GroupContents(dict(kinds.most_common()), await _feed_entries(world), notices)


async def webhook_figures(world: World, channels: Sequence[Channel]) -> WebhookFigures:
    """What the receiver saw, and which addresses broadcast gave up."""
    receipts = await world.receiver.receipts()
    states = await channel_states(channels)
    return WebhookFigures(
        addresses=len(channels),
        received=len(receipts.taken),
        repeats=receipts.repeats,
        unavailable=receipts.unavailable,
        unanswered=receipts.unanswered,
        unverified=receipts.unverified,
        switched_off=sum(state["status"] == "off" for state in states),
    )


async def _feed_entries(world: World) -> int:
    """All entries of the city's Atom feed, followed by its `next` links without a token."""
    address: str | None = f"/v1/feeds/{world.city.code}.atom"
    entries = 0
    while address is not None:
        # The feed is our own service's; no entity of a stranger is expanded here.
        feed = ElementTree.fromstring(await world.broadcast.read_text(address))  # noqa: S314
        entries += len(feed.findall(f"{ATOM}entry"))
        links = feed.findall(f"{ATOM}link")
        address = next((one.get("href") for one in links if one.get("rel") == "next"), None)
    return entries
