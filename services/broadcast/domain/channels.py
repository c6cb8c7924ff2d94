"""A channel: the address of a webhook that a group or an integrator has registered.

Every group has the built-in channel `inbox` besides; it needs no document.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from kentongan.domain import Decision
from kentongan.domain.state import State
from services.broadcast.domain.contents import ContentKind
from services.broadcast.domain.errors import (
    ImpossibleTransition,
    TooManyChannels,
    TooManyRotations,
)
from services.broadcast.domain.secrets import MOST_ROTATIONS, OVERLAP, still_overlapping

INBOX = "inbox"
ANY_KIND = "any"
MOST_CHANNELS = 5
"""Of one owner: a seat each, 1 to 5, under a unique index."""


class Owner(StrEnum):
    """Who receives there."""

    KIM = "kim"
    INTEGRATOR = "integrator"


class ChannelStatus(StrEnum):
    """A channel's life. Only an active one gets deliveries."""

    ACTIVE = "active"
    OFF = "off"
    """Switched off by the courier; its owner may activate it again."""
    REMOVED = "removed"


class OffReason(StrEnum):
    """Why the courier switched a channel off."""

    GONE = "gone"
    """The receiver answered 410."""
    GIVEN_UP = "given-up"
    """Too many deliveries in a row were given up."""


class Channel(State):
    """A webhook. `owner` is `kim:<id>` or `integrator:<subject>`; the secret is derived."""

    channel_id: str
    owner_kind: Owner
    owner: str
    kim_id: str | None
    region_code: str
    """Of the group, or of the integrator's token: whose diskominfo sees it."""
    name: str
    url: str
    kinds: tuple[ContentKind, ...] = ()
    """Of the contents wanted; none given means all."""
    takes: tuple[str, ...]
    """The same for queries: the kinds, or `ANY_KIND`, so that an index alone can answer."""
    regions: tuple[str, ...] = ()
    """An integrator's: contents for these regions, around them or within."""
    status: ChannelStatus = ChannelStatus.ACTIVE
    seat: int | None
    generation: int = 1
    """Of the secret."""
    rotations: tuple[datetime, ...] = ()
    """When it was rotated, in the order of time: the last one, and those within a day before it."""
    registered_at: datetime
    activated_at: datetime
    off_at: datetime | None = None
    off_reason: OffReason | None = None


class Wanted(State):
    """What the owner asks for when registering."""

    name: str
    url: str
    kinds: tuple[ContentKind, ...] = ()
    regions: tuple[str, ...] = ()


def free_seat(taken: Collection[int]) -> int:
    """The lowest seat that the owner has left. Raises TooManyChannels."""
    for seat in range(1, MOST_CHANNELS + 1):
        if seat not in taken:
            return seat
    raise TooManyChannels(limit=MOST_CHANNELS)


def kim_owner(kim_id: str) -> str:
    """The owner's name of a group."""
    return f"{Owner.KIM.value}:{kim_id}"


def integrator_owner(subject: str) -> str:
    """The owner's name of an integrator, by the token's subject: a system, no person."""
    return f"{Owner.INTEGRATOR.value}:{subject}"


def register_channel(
    channel_id: str,
    wanted: Wanted,
    *,
    owner: str,
    kim_id: str | None,
    region_code: str,
    seat: int,
    now: datetime,
) -> Decision[Channel]:
    """A new channel, active at once. An integrator that names no region wants its own."""
    kinds = tuple(dict.fromkeys(wanted.kinds))
    kind = Owner.INTEGRATOR if kim_id is None else Owner.KIM
    regions = wanted.regions or (region_code,) if kind is Owner.INTEGRATOR else ()
    state = Channel(
        channel_id=channel_id,
        owner_kind=kind,
        owner=owner,
        kim_id=kim_id,
        region_code=region_code,
        name=wanted.name,
        url=wanted.url,
        kinds=kinds,
        takes=tuple(each.value for each in kinds) or (ANY_KIND,),
        regions=tuple(dict.fromkeys(regions)),
        seat=seat,
        registered_at=now,
        activated_at=now,
    )
    return Decision(state, rule="channel.register")


def rotate_secret(channel: Channel, now: datetime) -> Decision[Channel]:
    """The next generation of the secret; the one before signs beside it for a day.

    Raises ImpossibleTransition, TooManyRotations.
    """
    _ensure_not_removed(channel, "channel.rotate-secret")
    # Clocks of two processes may differ, and the moments stand in the order of the generations.
    at = max((now, *channel.rotations[-1:]))
    lately = still_overlapping(channel.rotations, at)
    if len(lately) >= MOST_ROTATIONS:
        free = lately[-MOST_ROTATIONS] + OVERLAP
        raise TooManyRotations(limit=MOST_ROTATIONS, at=free.isoformat())
    changed = {"generation": channel.generation + 1, "rotations": (*lately, at)}
    return Decision(channel.model_copy(update=changed), rule="channel.rotate-secret")


def activate(channel: Channel, now: datetime) -> Decision[Channel]:
    """The owner has repaired the receiver. Raises ImpossibleTransition unless it is off."""
    if channel.status is not ChannelStatus.OFF:
        raise ImpossibleTransition(status=channel.status.value, command="channel.activate")
    changed = {
        "status": ChannelStatus.ACTIVE,
        "activated_at": now,
        "off_at": None,
        "off_reason": None,
    }
    return Decision(channel.model_copy(update=changed), rule="channel.activate")


def remove(channel: Channel) -> Decision[Channel]:
    """The owner gives the channel up; its seat is free. Raises ImpossibleTransition."""
    _ensure_not_removed(channel, "channel.remove")
    changed = {"status": ChannelStatus.REMOVED, "seat": None}
    return Decision(channel.model_copy(update=changed), rule="channel.remove")


def switch_off(channel: Channel, reason: OffReason, now: datetime) -> Decision[Channel]:
    """The courier found nobody there. Raises ImpossibleTransition unless it is active."""
    if channel.status is not ChannelStatus.ACTIVE:
        raise ImpossibleTransition(status=channel.status.value, command="channel.switch-off")
    changed = {"status": ChannelStatus.OFF, "off_at": now, "off_reason": reason}
    return Decision(channel.model_copy(update=changed), rule=f"channel.switch-off:{reason.value}")


def _ensure_not_removed(channel: Channel, command: str) -> None:
    if channel.status is ChannelStatus.REMOVED:
        raise ImpossibleTransition(status=channel.status.value, command=command)
