"""Seals and ranks the entries of one stage, in chunks: bounded memory, no transaction over all."""

import asyncio
from typing import Any

from kentongan.domain import CommandContext
from kentongan.storage.aggregates.store import AggregateStore, Stored
from services.scoring.domain.activity import Doings, period_of
from services.scoring.domain.competitions import Closing, Competition
from services.scoring.domain.entries import Entry
from services.scoring.domain.ranking import Ranker, counted, goes_on
from services.scoring.domain.sealing import place, seal
from services.scoring.judging.counting import ActivityCounting

Query = dict[str, Any]
_ORDER = (("state.order_key", -1), ("_id", 1))
_PAUSE_SECONDS = 0.05


class Sealing:
    """One closing's work on the entries. Each step may be repeated, and finds what is left."""

    def __init__(
        self,
        entries: AggregateStore[Entry],
        counting: ActivityCounting,
        competition: Competition,
        closing: Closing,
        *,
        chunk: int,
        command: CommandContext,
    ) -> None:
        self._entries = entries
        self._counting = counting
        self._competition_id = competition.competition_id
        self._stage = competition.stage(closing.stage)
        self._counts = bool(counted(self._stage.criteria))
        self._last = competition.is_last(closing.stage)
        self._period = period_of(competition, closing.started_at)
        self._chunk = chunk
        self._command = command

    async def seal(self) -> None:
        """Seal every entry of the stage; one that was scored in this moment is found again.

        Raises DoingsUnknown where an activity criterion can't be counted now.
        """
        if self._counts:
            await self._counting.ensure_known()
        while found := await self._unsealed({}):
            landed = 0
            while found:
                doings = await self._doings(found)
                decided = [
                    (each, seal(each.state, self._stage, doings.get(each.state.kim_id, Doings())))
                    for each in found
                ]
                written, found = await asyncio.gather(
                    self._entries.change_all(decided, self._command),
                    self._unsealed({"_id": {"$gt": found[-1].id}}),
                )
                landed += written
            if not landed:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def rank(self) -> tuple[int, int]:
        """Rank every sealed entry; returns how many there are, and how many go on."""
        number = self._stage.number
        unranked: Query = {**self._ranking(), "state.ranked_stage": {"$lt": number}}
        while True:
            counted_and_gone_on = await self._walk()
            if not await self._entries.count(unranked):
                return counted_and_gone_on
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _walk(self) -> tuple[int, int]:
        """Through all entries in their order; those ranked before are only counted."""
        ranker = Ranker()
        qualified = 0
        found = await self._sealed({})
        while found:
            decided = []
            for each in found:
                ranker = ranker.next(each.state.order_key)
                qualified += goes_on(ranker.rank, self._stage.qualifying)
                if each.state.ranked_stage < self._stage.number:
                    decision = place(each.state, self._stage, ranker.rank, last=self._last)
                    decided.append((each, decision))
            _, found = await asyncio.gather(
                self._entries.change_all(decided, self._command),
                self._sealed(_after(found[-1])),
            )
        return ranker.placed, qualified

    async def _unsealed(self, after: Query) -> list[Stored[Entry]]:
        """The next chunk while the one before is written."""
        number = self._stage.number
        query = {
            "state.competition_id": self._competition_id,
            "state.stage": number,
            "state.sealed_stage": number - 1,
        }
        return await self._entries.find(query | after, limit=self._chunk)

    async def _sealed(self, after: Query) -> list[Stored[Entry]]:
        """The same, in the order of the ranks, which writing them doesn't change."""
        query = self._ranking() | after
        return await self._entries.find(query, sort=_ORDER, limit=self._chunk)

    def _ranking(self) -> Query:
        return {
            "state.competition_id": self._competition_id,
            "state.sealed_stage": self._stage.number,
        }

    async def _doings(self, found: list[Stored[Entry]]) -> dict[str, Doings]:
        if not self._counts:
            return {}
        return await self._counting.of([each.state.kim_id for each in found], self._period)


def _after(stored: Stored[Entry]) -> Query:
    """What comes after an entry in the order; the first condition is what the index serves."""
    key = stored.state.order_key
    return {
        "state.order_key": {"$lte": key},
        "$or": [{"state.order_key": {"$lt": key}}, {"_id": {"$gt": stored.id}}],
    }
