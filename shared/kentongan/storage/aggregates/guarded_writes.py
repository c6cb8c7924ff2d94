"""Guarded writes: what one change does to a document, alone or inside a transaction."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from kentongan.domain import CommandContext, Decision
from kentongan.storage.aggregates.document import Answer, Change, Intent, Stored
from kentongan.storage.aggregates.reading import AggregateReading
from kentongan.storage.aggregates.receipts import Outcome
from kentongan.storage.driver import (
    Database,
    Session,
    Translating,
    UpdateOne,
    duplicate_key,
    is_write_conflict,
)
from kentongan.storage.errors import AggregateExists, DuplicateValue, VersionConflict
from kentongan.storage.indexes import Index
from kentongan.storage.restored import VersionFloors

S = TypeVar("S", bound=BaseModel)


class GuardedWrites(AggregateReading[S]):
    """Writes that land only on the version that they were decided upon."""

    def __init__(
        self,
        database: Database,
        collection: str,
        state: type[S],
        indexes: Sequence[Index],
        event_size_limit: int,
    ) -> None:
        super().__init__(database, collection, state, indexes)
        self.on_recorded: Callable[[], None] = lambda: None
        """Called after a write that left an event: wakes a relay in the same process at once."""
        self._event_size_limit = event_size_limit
        self._floors = VersionFloors(database)

    async def write(
        self,
        stored: Stored[S],
        decision: Decision[S],
        command: CommandContext,
        answer: Answer[S],
        session: Session,
        *,
        status: int = 200,
    ) -> Outcome:
        """One guarded write inside a transaction, with the command's idempotency key.

        Raises VersionConflict where `stored` is not the newest, DuplicateValue.
        """
        refuse_stale(stored.version, command.expected_version)
        intent = self._intent(command, answer, status)
        change = intent.change(stored.id, stored.version + 1, decision)
        if not await self._land(change, session):
            raise VersionConflict(stored.version, None)
        return change.outcome

    async def insert(
        self,
        aggregate_id: str,
        decision: Decision[S],
        command: CommandContext,
        answer: Answer[S],
        session: Session,
        *,
        status: int = 201,
    ) -> Outcome:
        """A new aggregate inside a transaction: creation that another aggregate has to allow.

        Raises AggregateExists, DuplicateValue (the transaction is over), VersionConflict.
        """
        version = await self._floors.first_version(aggregate_id)
        change = self._intent(command, answer, status).change(aggregate_id, version, decision)
        try:
            with Translating():
                await self._collection.insert_one(change.inserted(), session=session)
        except Exception as error:
            refusal = duplicate_key(error)
            if refusal is not None and refusal.index == "_id_":
                raise AggregateExists(aggregate_id) from error
            _refuse(error, change)
            raise
        return change.outcome

    async def advance(self, stored: Stored[S], session: Session) -> None:
        """Make the version one higher inside a transaction, and change nothing else.

        Whatever others decide upon the older version is then decided anew: so a rule that rests
        on this aggregate holds while another one is written, and its history doesn't grow with
        their number. Raises VersionConflict where `stored` is not the newest.
        """
        guard = {"_id": stored.id, "version": stored.version}
        try:
            with Translating():
                result = await self._collection.update_one(
                    guard, {"$inc": {"version": 1}}, session=session
                )
        except Exception as error:
            if is_write_conflict(error):
                raise VersionConflict(stored.version, None) from error
            raise
        if result.matched_count != 1:
            raise VersionConflict(stored.version, None)

    async def change_all(
        self, decided: Sequence[tuple[Stored[S], Decision[S]]], command: CommandContext
    ) -> int:
        """Many guarded writes, each for itself, in one round trip; returns how many landed.

        Not a transaction: those that lost a race are left as they are, and the caller, which is
        level-triggered, finds them again. The idempotency key is not kept.
        """
        if not decided:
            return 0
        changes = self._changes(decided, command)
        bulk = [UpdateOne(change.guard(), change.update()) for change in changes]
        with Translating():
            result = await self._collection.bulk_write(bulk, ordered=False)
        if any(change.outbox_entry is not None for change in changes):
            self.on_recorded()
        return result.matched_count

    async def write_all(
        self,
        decided: Sequence[tuple[Stored[S], Decision[S]]],
        command: CommandContext,
        session: Session,
    ) -> None:
        """Many guarded writes inside a transaction, in one round trip; the key is kept elsewhere.

        Raises VersionConflict where any is not the newest, DuplicateValue; the transaction is over.
        """
        if not decided:
            return
        changes = self._changes(decided, command)
        bulk = [UpdateOne(change.guard(), change.update()) for change in changes]
        try:
            with Translating():
                result = await self._collection.bulk_write(bulk, session=session)
        except Exception as error:
            _refuse(error, changes[0])
            raise
        if result.matched_count != len(changes):
            raise VersionConflict(changes[0].stored.version - 1, None)

    def _changes(
        self, decided: Sequence[tuple[Stored[S], Decision[S]]], command: CommandContext
    ) -> list[Change[S]]:
        """Without an answer: a command on many keeps its idempotency key elsewhere, if at all."""
        return [
            self._intent(command, None, 200).change(stored.id, stored.version + 1, decision)
            for stored, decision in decided
        ]

    def _intent(self, command: CommandContext, answer: Answer[S] | None, status: int) -> Intent[S]:
        return Intent(command, answer, status, self._event_size_limit)

    async def _land(self, change: Change[S], session: Session | None = None) -> bool:
        try:
            with Translating():
                result = await self._collection.update_one(
                    change.guard(), change.update(), session=session
                )
        except Exception as error:
            _refuse(error, change)
            raise
        return result.matched_count == 1


def refuse_stale(version: int, expected: int | None) -> None:
    """If-Match: the version that the caller read must still be the newest."""
    if expected is not None and expected != version:
        raise VersionConflict(expected, version)


def _refuse(error: Exception, change: Change[S]) -> None:
    """Raise the driver's refusal in storage's words; nothing where it is no refusal."""
    if refusal := duplicate_key(error):
        raise DuplicateValue(refusal.index, refusal.fields) from error
    if is_write_conflict(error):
        raise VersionConflict(change.stored.version - 1, None) from error
