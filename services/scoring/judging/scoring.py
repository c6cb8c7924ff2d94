"""Judges' commands: they write one entry, and mark the stage before its first score."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from kentongan.domain import CommandContext, Decision, DomainError
from kentongan.storage.aggregates.guarded_writes import refuse_stale
from kentongan.storage.aggregates.store import Outcome, Stored
from services.scoring.domain.competitions import Competition
from services.scoring.domain.entries import Entry
from services.scoring.domain.errors import JudgingBegun
from services.scoring.domain.running import begin_judging
from services.scoring.domain.scores import (
    Judging,
    Points,
    correct_score,
    declare_conflict,
    submit_score,
)
from services.scoring.judging.receipts import competition_receipt
from services.scoring.stores import Stores


@dataclass(frozen=True, slots=True)
class Marks:
    """What a judge says about an entry in a stage; with a reason it is a correction."""

    stage: int
    points: Points
    reason: str | None = None

    def decide(self, entry: Entry, judging: Judging) -> Decision[Entry]:
        """The decision on the entry."""
        if self.reason is None:
            return submit_score(entry, judging, self.points)
        return correct_score(entry, judging, self.points, self.reason)


class Scoring:
    """Takes scores, corrections and conflicts."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._beginning = asyncio.Lock()

    async def mark(
        self, entry_id: str, judge_id: str, marks: Marks, command: CommandContext
    ) -> Outcome:
        """Score an entry, or correct what was scored.

        Raises what `submit_score` and `correct_score` do, AggregateNotFound, VersionConflict,
        TooManyConflicts.
        """
        stored, competition = await self._loaded(entry_id)
        judging = Judging(competition, marks.stage, judge_id, command.now)
        try:
            if competition.stage(marks.stage).judging_since is None:
                refuse_stale(stored.version, command.expected_version)
                marks.decide(stored.state, judging)  # what is refused anyway begins nothing
                judging = replace(judging, competition=await self._begin(judging, command))
            return await self._stores.entries.change(
                entry_id,
                partial(marks.decide, judging=judging),
                command,
                partial(marks_receipt, stage=marks.stage, judge_id=judge_id),
            )
        except DomainError:
            # What stands in the way may be this very command's work, sent twice at once.
            if earlier := await self._stores.entries.answered(entry_id, command):
                return earlier
            raise

    async def declare(
        self, entry_id: str, judge_id: str, stage: int | None, command: CommandContext
    ) -> Outcome:
        """Declare a conflict. Raises what `declare_conflict` does, AggregateNotFound."""
        _, competition = await self._loaded(entry_id)
        return await self._stores.entries.change(
            entry_id,
            lambda entry: declare_conflict(competition, entry, stage, judge_id, command.now),
            command,
            conflict_receipt,
        )

    async def _loaded(self, entry_id: str) -> tuple[Stored[Entry], Competition]:
        entry = await self._stores.entries.load(entry_id)
        competition = await self._stores.competitions.load(entry.state.competition_id)
        return entry, competition.state

    async def _begin(self, judging: Judging, command: CommandContext) -> Competition:
        """The competition with its stage marked, so that its rubric doesn't change any more.

        The judge's key and If-Match are the entry's, and say nothing of the competition.
        """
        competition_id = judging.competition.competition_id
        own = replace(
            command, name="competition.begin-judging", idempotency=None, expected_version=None
        )
        async with self._beginning:
            newest = await self._stores.competitions.load(competition_id)
            if newest.state.stage(judging.stage).judging_since is not None:
                return newest.state
            with suppress(JudgingBegun):  # by another process, in this moment
                await self._stores.competitions.change(
                    competition_id,
                    lambda state: _begin_once(state, judging.stage, command.now),
                    own,
                    competition_receipt,
                )
            return (await self._stores.competitions.load(competition_id)).state


def _begin_once(state: Competition, stage: int, now: datetime) -> Decision[Competition]:
    if state.stage(stage).judging_since is not None:
        raise JudgingBegun(stage=stage)
    return begin_judging(state, stage, now)


def marks_receipt(stored: Stored[Entry], stage: int, judge_id: str) -> dict[str, Any]:
    """Which criteria of the stage this judge has scored; nothing of the others."""
    part = stored.state.participation(stage)
    own = [each for each in part.scores if each.judge_id == judge_id] if part else []
    return {
        "id": stored.id,
        "version": stored.version,
        "stage": stage,
        "scored": sorted(each.criterion_id for each in own),
    }


def conflict_receipt(stored: Stored[Entry]) -> dict[str, Any]:
    """The entry's id and version."""
    return {"id": stored.id, "version": stored.version}
