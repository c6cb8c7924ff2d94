"""A group enters, while its competition stays open: one transaction over both.

The competition's version goes up with each entry, so that a closing that was decided upon without
it is decided anew; nothing of the entry is written into the competition, which would outgrow it.
"""

import asyncio
from typing import Any
from weakref import WeakValueDictionary

from kentongan.domain import CommandContext
from kentongan.kims.directory import KimDirectory
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.driver import Client, transaction
from kentongan.storage.errors import AggregateExists, TooManyConflicts, VersionConflict
from kentongan.storage.retries import Retries
from services.scoring.domain.entries import Entry, Submission, entry_id, submit_entry
from services.scoring.stores import Stores

_RETRIES = Retries(tries=8, seconds=0.02)


class Entering:
    """Takes entries. A lock a competition keeps those of one process from racing each other."""

    def __init__(self, client: Client, stores: Stores, kims: KimDirectory) -> None:
        self._client = client
        self._stores = stores
        self._kims = kims
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def submit(
        self, competition_id: str, kim_id: str, submission: Submission, command: CommandContext
    ) -> Outcome:
        """Enter the group once.

        Raises AggregateNotFound, NotKnownYet, KimNotRegistered, KimOutsideCompetition,
        SubmissionsOver, AggregateExists (it has entered), TooManyConflicts.
        """
        lock = self._locks.setdefault(competition_id, asyncio.Lock())
        async with lock:
            return await self._submit(competition_id, kim_id, submission, command)

    async def _submit(
        self, competition_id: str, kim_id: str, submission: Submission, command: CommandContext
    ) -> Outcome:
        natural_id = entry_id(competition_id, kim_id)
        for attempt in range(_RETRIES.tries):
            await _RETRIES.pause(attempt)
            # Asked each time: the race may be lost to this very command.
            if earlier := await self._stores.entries.answered(natural_id, command):
                return earlier
            competition = await self._stores.competitions.load(competition_id)
            kim = await self._kims.named_by_command(kim_id)
            decision = submit_entry(competition.state, kim, submission, command.now)
            try:
                async with transaction(self._client) as session:
                    await self._stores.competitions.advance(competition, session)
                    outcome = await self._stores.entries.insert(
                        natural_id, decision, command, entry_receipt, session
                    )
            except VersionConflict:
                continue
            except AggregateExists:
                if earlier := await self._stores.entries.answered(natural_id, command):
                    return earlier
                raise
            self._stores.entries.on_recorded()
            return outcome
        raise TooManyConflicts(competition_id, _RETRIES.tries)


def entry_receipt(stored: Stored[Entry]) -> dict[str, Any]:
    """An entry's id and version; nothing of its scores."""
    return {"id": stored.id, "version": stored.version}
