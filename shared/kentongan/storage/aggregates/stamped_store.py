"""Stamped creation: facts whose time is the database's, and which may come too late to count.

Many processes take votes, each by a clock of its own; the one that all agree on is the server's. It
tells the time (`$$NOW`) within the very write, so no fact can be stamped before a limit and written
as if it had come after it, nor the other way round.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from kentongan.domain import CommandContext, Decision
from kentongan.storage.aggregates.document import Answer, Change, what_a_command_reads
from kentongan.storage.aggregates.receipts import Outcome
from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Document, duplicate_key, update_and_read
from kentongan.storage.errors import (
    AggregateExists,
    CameTooLate,
    DuplicateValue,
    StorageUnavailable,
    TooManyConflicts,
)

S = TypeVar("S", bound=BaseModel)
_AS_TEXT = "%Y-%m-%dT%H:%M:%S.%L000Z"
"""As pydantic writes a moment in JSON, so that the event's data are what its model would make."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the database writes by itself. Fields of the state, each a single name."""

    field: str
    """Becomes the moment of the write: here, and in the event's data."""
    before: datetime
    """From this moment on the fact doesn't count any more."""
    counts: str
    """Becomes true where it came before the limit. Put it into every query and index."""


class StampedStore(AggregateStore[S]):
    """Aggregates that are created by `create_stamped`."""

    async def create_stamped(
        self,
        aggregate_id: str,
        decision: Decision[S],
        command: CommandContext,
        answer: Answer[S],
        stamp: Stamp,
        *,
        status: int = 201,
    ) -> Outcome:
        """Insert a new aggregate in one upsert, stamped by the database; as `create` otherwise.

        At or after `stamp.before` it is written as one that doesn't count, without event and key,
        and the id stays taken. The receipt is made before the stamp is known and can't hold it.
        Raises CameTooLate, AggregateExists, DuplicateValue, IdempotencyKeyReused.
        """
        intent = self._intent(command, answer, status)
        version = await self._floors.first_version(aggregate_id)
        change = intent.change(aggregate_id, version, decision)
        pipeline = stamped_creation(change, stamp)
        projection = what_a_command_reads(command, intent.write_id)
        del projection["state"]
        projection[f"state.{stamp.counts}"] = 1
        unknown: StorageUnavailable | None = None
        for attempt in range(self._tries):
            await self._pause(attempt)
            try:
                document = await update_and_read(
                    self._collection, aggregate_id, pipeline, projection
                )
            except StorageUnavailable as unavailable:
                # Sent again it finds what the lost one wrote, if it did: nothing else to look at.
                unknown = self._reconsider(unavailable, aggregate_id)
            except Exception as error:
                refusal = duplicate_key(error)
                if refusal is None:
                    raise
                if refusal.index != "_id_":
                    raise DuplicateValue(refusal.index, refusal.fields) from error
            else:
                return self._told(document, command, change, stamp)
        raise unknown or TooManyConflicts(aggregate_id, self._tries)

    def _told(
        self,
        document: Mapping[str, Any],
        command: CommandContext,
        change: Change[S],
        stamp: Stamp,
    ) -> Outcome:
        """What became of it, read off the document that the upsert left."""
        if not document["state"].get(stamp.counts):
            raise CameTooLate(change.stored.id)
        earlier = self._earlier(document, command, {change.stored.version: change})
        if earlier is None:
            raise AggregateExists(change.stored.id)
        return earlier if earlier.replayed else self._landed(change)


def stamped_creation(change: Change[Any], stamp: Stamp) -> list[Document]:
    """The update of an upsert that writes the document where none is, and else nothing."""
    whole = change.inserted()
    in_time: Document = {"$lt": ["$$NOW", {"$literal": stamp.before}]}
    stamped: Document = {
        "state": _with(whole["state"], {stamp.field: "$$NOW", stamp.counts: in_time}),
        "outbox": _where(in_time, [_stamped_entry(each, stamp) for each in whole["outbox"]], []),
        "keys": _where(in_time, {"$literal": whole["keys"]}, []),
    }
    if "pending_since" in whole:
        pending = {"$literal": whole.pop("pending_since")}
        stamped["pending_since"] = _where(in_time, pending, "$$REMOVE")
    is_new = {"$eq": [{"$type": "$version"}, "missing"]}
    return [{"$replaceWith": _where(is_new, _with(whole, stamped), "$$ROOT")}]


def _stamped_entry(entry: Document, stamp: Stamp) -> Document:
    text = {"$dateToString": {"date": "$$NOW", "format": _AS_TEXT}}
    return _with(entry, {"data": _with(entry["data"], {stamp.field: text})})


def _with(literal: Document, evaluated: Document) -> Document:
    """A document taken as it stands, with fields that the server evaluates."""
    as_it_stands = {name: value for name, value in literal.items() if name not in evaluated}
    return {"$mergeObjects": [{"$literal": as_it_stands}, evaluated]}


def _where(condition: Document, then: Any, otherwise: Any) -> Document:
    return {"$cond": [condition, then, otherwise]}
