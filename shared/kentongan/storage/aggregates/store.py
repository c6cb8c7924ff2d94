"""The aggregate store: one document an aggregate, one read and one guarded write a command."""

import asyncio
import inspect
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel

from kentongan.domain import CommandContext, Decision
from kentongan.storage.aggregates.document import (
    Answer,
    Change,
    DecisionEntry,
    Stored,
    version_written,
    what_a_command_reads,
)
from kentongan.storage.aggregates.guarded_writes import GuardedWrites, refuse_stale
from kentongan.storage.aggregates.receipts import Outcome, derived_id, replay
from kentongan.storage.driver import (
    Database,
    Document,
    DuplicateKey,
    Translating,
    duplicate_key,
    read_settled,
    was_never_sent,
)
from kentongan.storage.errors import (
    AggregateExists,
    AggregateNotFound,
    DuplicateValue,
    StorageUnavailable,
    TooManyConflicts,
)
from kentongan.storage.indexes import Index

__all__ = [
    "AggregateStore",
    "Answer",
    "DecisionEntry",
    "Index",
    "Outcome",
    "Stored",
    "derived_id",
]

S = TypeVar("S", bound=BaseModel)
_log = structlog.get_logger(__name__)
_PAUSE_SECONDS = 0.004


class AggregateStore(GuardedWrites[S]):
    """All aggregates of one type: a collection, whose documents carry their own outbox.

    A write is acknowledged once a majority has it in its journal. Every method may raise
    StorageUnavailable, and every write UnencodableDocument.
    """

    def __init__(
        self,
        database: Database,
        collection: str,
        state: type[S],
        *,
        indexes: Sequence[Index] = (),
        event_size_limit: int = 900_000,
        retries: int = 5,
    ) -> None:
        super().__init__(database, collection, state, indexes, event_size_limit)
        self._tries = retries + 1

    async def create(
        self,
        aggregate_id: str,
        decision: Decision[S],
        command: CommandContext,
        answer: Answer[S],
        *,
        status: int = 201,
    ) -> Outcome:
        """Insert a new aggregate, in one write: at version 1, or above what a lost one published.

        Repeated under its idempotency key it is answered as the first time. Raises AggregateExists
        where the id is taken, DuplicateValue where another unique index refuses.
        """
        intent = self._intent(command, answer, status)
        version = await self._floors.first_version(aggregate_id)
        change = intent.change(aggregate_id, version, decision)
        for attempt in range(self._tries):
            await self._pause(attempt)
            unknown: StorageUnavailable | None = None
            refusal: DuplicateKey | None = None
            try:
                with Translating():
                    await self._collection.insert_one(change.inserted())
            except StorageUnavailable as unavailable:
                unknown = self._reconsider(unavailable, aggregate_id)
            except Exception as error:
                refusal = duplicate_key(error)
                if refusal is None:
                    raise
            else:
                return self._landed(change)
            projection = what_a_command_reads(command, intent.write_id)
            document = await read_settled(self._collection, aggregate_id, projection)
            if document is not None:
                if earlier := self._earlier(document, command, {version: change}):
                    return earlier
                if refusal is None or refusal.index == "_id_":
                    raise AggregateExists(aggregate_id)
            if refusal is not None and refusal.index != "_id_":
                raise DuplicateValue(refusal.index, refusal.fields)
        raise unknown or TooManyConflicts(aggregate_id, self._tries)

    async def change(
        self,
        aggregate_id: str,
        decide: Callable[[S], Decision[S] | Awaitable[Decision[S]]],
        command: CommandContext,
        answer: Answer[S],
    ) -> Outcome:
        """Load, decide, write under the version's guard; a lost race is read and decided anew.

        A known idempotency key is answered before anything else. Raises AggregateNotFound,
        VersionConflict (If-Match only), DuplicateValue, TooManyConflicts, and what `decide` raises.
        """
        intent = self._intent(command, answer, 200)
        attempted: dict[int, Change[S]] = {}
        for attempt in range(self._tries):
            await self._pause(attempt)
            unknown: StorageUnavailable | None = None
            document = await self._read(aggregate_id, command, intent.write_id if attempt else None)
            if earlier := self._earlier(document, command, attempted):
                return earlier
            stored = self._stored(document)
            refuse_stale(stored.version, command.expected_version)
            decided = decide(stored.state)
            decision = await decided if inspect.isawaitable(decided) else decided
            change = intent.change(aggregate_id, stored.version + 1, decision)
            attempted[stored.version + 1] = change
            try:
                if await self._land(change):
                    return self._landed(change)
            except StorageUnavailable as unavailable:
                unknown = self._reconsider(unavailable, aggregate_id)
        if unknown is not None:
            document = await self._read(aggregate_id, command, intent.write_id)
            if earlier := self._earlier(document, command, attempted):
                return earlier
        raise unknown or TooManyConflicts(aggregate_id, self._tries)

    def _landed(self, change: Change[S]) -> Outcome:
        if change.outbox_entry is not None:
            self.on_recorded()
        return change.outcome

    async def _read(
        self, aggregate_id: str, command: CommandContext, write_id: str | None
    ) -> Document:
        projection = what_a_command_reads(command, write_id)
        if write_id:
            document = await read_settled(self._collection, aggregate_id, projection)
        else:
            with Translating():
                document = await self._collection.find_one({"_id": aggregate_id}, projection)
        if document is None:
            raise AggregateNotFound(aggregate_id)
        return document

    @staticmethod
    def _earlier(
        document: Mapping[str, Any], command: CommandContext, attempted: Mapping[int, Change[S]]
    ) -> Outcome | None:
        """This very write, if it landed unheard; else an earlier try under the same key."""
        if (version := version_written(document)) is not None:
            return attempted[version].outcome
        return replay(document, command.idempotency) if command.idempotency else None

    @staticmethod
    def _reconsider(unavailable: StorageUnavailable, aggregate_id: str) -> StorageUnavailable:
        """Go on to read whether the write landed, unless nothing was ever sent."""
        if unavailable.__cause__ is None or was_never_sent(unavailable.__cause__):
            raise unavailable
        _log.warning("write.outcome_unknown", id=aggregate_id, **unavailable.facts)
        return unavailable

    @staticmethod
    async def _pause(attempt: int) -> None:
        if attempt:
            await asyncio.sleep(random.uniform(0, _PAUSE_SECONDS * 2**attempt))
