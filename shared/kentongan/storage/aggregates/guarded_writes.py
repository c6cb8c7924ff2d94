"""Guarded writes: what one change does to a document, alone or inside a transaction."""

from collections.abc import Sequence
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
from kentongan.storage.errors import DuplicateValue, VersionConflict
from kentongan.storage.indexes import Index

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
        self._event_size_limit = event_size_limit

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
        changes = [
            self._intent(command, None, 200).change(stored.id, stored.version + 1, decision)
            for stored, decision in decided
        ]
        bulk = [UpdateOne(change.guard(), change.update()) for change in changes]
        try:
            with Translating():
                result = await self._collection.bulk_write(bulk, session=session)
        except Exception as error:
            _refuse(error, changes[0])
            raise
        if result.matched_count != len(changes):
            raise VersionConflict(changes[0].stored.version - 1, None)

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
