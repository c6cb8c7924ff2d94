"""The outbox that every aggregate's document carries: events recorded, not yet handed to Kafka.

An entry is appended by the very update that changes the state, and removed by its event id once
Kafka has it. Both are safe from anyone at any time; what repeats is an event, never a gap.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kentongan.contracts.event import Event
from kentongan.contracts.recorded import RecordedEvent
from kentongan.domain import CommandContext
from kentongan.domain.clock import utc_now
from kentongan.storage.driver import (
    Database,
    Document,
    Translating,
    UpdateOne,
    aggregate,
    watch,
)
from kentongan.storage.errors import EventTooLarge
from kentongan.storage.indexes import Index

WAITING: Document = {"pending_since": {"$exists": True}}
PENDING_INDEX = Index(keys=(("pending_since", 1),), name="pending_since", partial=WAITING)
EVENTS_PER_AGGREGATE = 100
"""How many of one aggregate's events are taken in a round, from the oldest on."""


def record(
    event: Event,
    command: CommandContext,
    *,
    event_id: str,
    sequence: int,
    size_limit: int,
    republished_at: datetime | None = None,
) -> Document:
    """One outbox entry. Raises EventTooLarge before anything is written; sizes in bytes of JSON."""
    size = len(event.model_dump_json().encode())
    if size > size_limit:
        raise EventTooLarge(size, size_limit)
    return {
        "event_id": event_id,
        "type": event.contract.type,
        "sequence": sequence,
        "data": event.model_dump(mode="json"),
        "time": command.now,
        "correlation_id": command.correlation_id,
        "causation_id": command.causation_id,
        "traceparent": command.traceparent,
        **({} if republished_at is None else {"republished_at": republished_at}),
    }


_SINCE = [{"$first": "$outbox.republished_at"}, {"$first": "$outbox.time"}]


def without(event_ids: Collection[str]) -> list[Document]:
    """The update that removes these entries, and the mark only where nothing is left.

    `$pull` with `$unset` would strand an event appended in between. Where something is left the
    mark becomes that event's time, so that a busy aggregate never looks older than it is.
    """
    kept = {"$not": [{"$in": ["$$this.event_id", {"$literal": list(event_ids)}]}]}
    return [
        {"$set": {"outbox": {"$filter": {"input": {"$ifNull": ["$outbox", []]}, "cond": kept}}}},
        {"$set": {"pending_since": {"$ifNull": [*_SINCE, "$$REMOVE"]}}},
    ]


@dataclass(frozen=True, slots=True)
class PendingAggregate:
    """An aggregate with events to publish, in the order of their sequence."""

    collection: str
    id: str
    pending_since: datetime
    events: tuple[RecordedEvent, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Events of one aggregate that Kafka has acknowledged: always a prefix of what was pending."""

    collection: str
    id: str
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many aggregates wait for the relay, and since when the oldest does (0 if none)."""

    count: int
    oldest_age_seconds: float


class Outbox:
    """All outboxes of one service, seen by its relay."""

    def __init__(self, database: Database, collections: Sequence[str]) -> None:
        self._database = database
        self.collections = tuple(collections)

    async def pending(
        self, limit: int, *, excluding: Collection[tuple[str, str]] = ()
    ) -> list[PendingAggregate]:
        """The aggregates that have waited longest, over all collections, oldest first.

        `excluding` names (collection, id) of those that back off, so that they starve no other.
        Only events that a majority has are seen: what is published can't be rolled back.
        """
        found: list[PendingAggregate] = []
        for name in self.collections:
            query: Document = dict(WAITING)
            if left_out := [key for collection, key in excluding if collection == name]:
                query["_id"] = {"$nin": left_out}
            with Translating():
                documents = (
                    await self._database[name]
                    .find(query, {"pending_since": 1, "outbox": {"$slice": EVENTS_PER_AGGREGATE}})
                    .sort("pending_since", 1)
                    .limit(limit)
                    .to_list(None)
                )
            found.extend(_pending(name, document) for document in documents)
        found.sort(key=lambda aggregate: aggregate.pending_since)
        return found[:limit]

    async def anything_waits(self) -> bool:
        """Whether any aggregate has an event to publish: one command, over all collections."""
        if not self.collections:
            return False
        each: list[Document] = [{"$match": WAITING}, {"$limit": 1}, {"$project": {"_id": 1}}]
        first, *others = self.collections
        together = [{"$unionWith": {"coll": name, "pipeline": each}} for name in others]
        return bool(await aggregate(self._database[first], [*each, *together]))

    async def clear(self, collection: str, aggregate_id: str, event_ids: Collection[str]) -> None:
        """Remove published events of one aggregate; safe to repeat, and after the lease is lost."""
        with Translating():
            await self._database[collection].update_one({"_id": aggregate_id}, without(event_ids))

    async def clear_many(self, published: Sequence[Published]) -> None:
        """Remove a round's published events, one write per collection."""
        updates: dict[str, list[UpdateOne]] = defaultdict(list)
        for done in published:
            update = UpdateOne({"_id": done.id}, without(done.event_ids))
            updates[done.collection].append(update)
        for collection, bulk in updates.items():
            with Translating():
                await self._database[collection].bulk_write(bulk, ordered=False)

    async def backlog(self) -> Backlog:
        """Size and age of what waits: the figures that an operator watches."""
        if not self.collections:
            return Backlog(0, 0.0)
        each: list[Document] = [
            {"$match": WAITING},
            {"$group": {"_id": None, "count": {"$sum": 1}, "oldest": {"$min": "$pending_since"}}},
        ]
        first, *others = self.collections
        together = [{"$unionWith": {"coll": name, "pipeline": each}} for name in others]
        found = await aggregate(self._database[first], [*each, *together])
        if not found:
            return Backlog(0, 0.0)
        age = (utc_now() - min(one["oldest"] for one in found)).total_seconds()
        return Backlog(sum(one["count"] for one in found), max(age, 0.0))

    async def watch(self) -> AsyncIterator[tuple[str, str] | None]:
        """Collection and id of each aggregate that a write gave something to publish, from now on.

        First None, when it has begun: no write from then on is missed while it lasts.

        A wake-up only: it may miss writes (those before it started), so polling is the truth.
        Raises StorageUnavailable when the stream breaks; start again, from now.
        """
        async for change in watch(self._database, _wake_ups(self.collections)):
            yield (change["ns"]["coll"], change["documentKey"]["_id"]) if change else None


def _pending(collection: str, document: Mapping[str, Any]) -> PendingAggregate:
    key: str = document["_id"]
    events = tuple(
        RecordedEvent(
            event_id=entry["event_id"],
            type=entry["type"],
            key=key,
            sequence=entry["sequence"],
            time=entry["time"],
            data=entry["data"],
            correlation_id=entry["correlation_id"],
            causation_id=entry["causation_id"],
            traceparent=entry["traceparent"],
            republished_at=entry.get("republished_at"),
        )
        for entry in document.get("outbox", ())
    )
    return PendingAggregate(collection, key, document["pending_since"], events)


def _wake_ups(collections: Sequence[str]) -> list[Document]:
    marked = [
        {"operationType": "insert", "fullDocument.pending_since": {"$exists": True}},
        {
            "operationType": "update",
            "updateDescription.updatedFields.pending_since": {"$exists": True},
        },
    ]
    return [
        {"$match": {"ns.coll": {"$in": list(collections)}, "$or": marked}},
        {"$project": {"ns.coll": 1, "documentKey._id": 1}},
    ]
