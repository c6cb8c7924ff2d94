"""The service's collections, each with the indexes that its rules and queries rest on."""

from dataclasses import dataclass

from kentongan.storage.aggregates.store import AggregateStore, Index
from kentongan.storage.driver import Database
from kentongan.storage.facts import FactStore
from services.broadcast.domain.channels import Channel
from services.broadcast.domain.contents import Content

CONTENT_INDEXES = (
    Index(
        keys=(("state.status", 1), ("state.updated_at", -1), ("_id", 1)),
        name="newest",
    ),
    Index(
        keys=(("state.audience.regions", 1), ("state.status", 1), ("state.updated_at", -1)),
        name="region",
    ),
    Index(keys=(("state.kim_id", 1), ("state.updated_at", -1), ("_id", 1)), name="kim"),
    Index(keys=(("state.status", 1), ("state.publish_at", 1)), name="due"),
    Index(keys=(("state.planning.status", 1),), name="planning"),
)

CHANNEL_SEAT = Index(
    keys=(("state.owner", 1), ("state.seat", 1)),
    name="seat",
    unique=True,
    partial={"state.seat": {"$gt": 0}},
)
"""How many channels an owner may have: see `free_seat`."""

CHANNEL_INDEXES = (
    CHANNEL_SEAT,
    Index(
        keys=(("state.kim_id", 1), ("state.status", 1), ("state.takes", 1), ("_id", 1)),
        name="kim",
    ),
    Index(keys=(("state.owner_kind", 1), ("state.status", 1), ("_id", 1)), name="owner_kind"),
    Index(keys=(("state.region_code", 1), ("_id", 1)), name="region"),
)
DELIVERY_INDEXES = (
    Index(keys=(("due_at", 1),), name="due", partial={"status": "pending"}),
    Index(
        keys=(("content_id", 1), ("edition", 1), ("status", 1), ("_id", 1), ("late", 1)),
        name="content",
        partial={"edition": {"$gt": 0}},
    ),
    Index(
        keys=(("channel_id", 1), ("planned_at", -1), ("_id", -1)),
        name="channel",
        partial={"channel_id": {"$gt": ""}},
    ),
    Index(
        keys=(("kim_id", 1), ("planned_at", -1), ("_id", -1)),
        name="inbox",
        partial={"inbox": True},
    ),
)
"""Each costs at planning, where deliveries are made by the hundred thousand: no more than these."""


@dataclass(frozen=True, slots=True)
class Stores:
    """All collections of the service."""

    contents: AggregateStore[Content]
    channels: AggregateStore[Channel]
    plannings: FactStore
    """How far the planning of each edition has come, and which courier is at it."""
    deliveries: FactStore
    notices: FactStore


def open_stores(database: Database) -> Stores:
    """The service's collections."""
    return Stores(
        contents=AggregateStore(database, "contents", Content, indexes=CONTENT_INDEXES),
        channels=AggregateStore(database, "channels", Channel, indexes=CHANNEL_INDEXES),
        plannings=FactStore(database, "plannings"),
        deliveries=FactStore(database, "deliveries", indexes=DELIVERY_INDEXES),
        notices=FactStore(database, "notices"),
    )
