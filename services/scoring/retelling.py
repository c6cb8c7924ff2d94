"""How scoring tells again what its topics held: see `kentongan republish`."""

from collections.abc import Sequence
from typing import Any

from kentongan.contracts.scoring import (
    COMPETITIONS,
    ENTRIES,
    SCORES,
    VOTES,
    ResultsPublished,
    StageClosed,
)
from kentongan.messaging.republishing import Retelling, Telling, Told
from kentongan.storage.aggregates.document import DecisionEntry
from services.scoring.domain.competitions import Competition
from services.scoring.domain.entries import Entry, submitted_event
from services.scoring.domain.public_state import results_of, state_event
from services.scoring.domain.scores_told import Given, scores_told
from services.scoring.domain.votes import Vote, cast_event
from services.scoring.judging.results import Publication
from services.scoring.stores import Stores

_SCORING = {"score.submit": False, "score.correct": True}


def retellings(stores: Stores, results: Publication) -> tuple[Retelling[Any], ...]:
    """Competitions and entries as they are; scores and votes under the ids that they had."""

    async def competition(state: Competition, _: Sequence[DecisionEntry]) -> Telling:
        if state.outcome is not None:
            first = [each.state for each in await results.first(state.competition_id)]
            event = state_event(ResultsPublished, state, results_of(state, state.outcome, first))
            return Telling([Told(event)])
        if any(stage.closed_at is not None for stage in state.stages):
            return Telling([Told(state_event(StageClosed, state))])
        return Telling()

    return (
        Retelling(stores.competitions, Competition, (COMPETITIONS,), competition),
        Retelling(stores.entries, Entry, (SCORES, ENTRIES), _entry),
        Retelling(stores.votes, Vote, (VOTES,), _vote),
    )


async def _entry(entry: Entry, decisions: Sequence[DecisionEntry]) -> Telling:
    by_id = {one.id: one for one in decisions}
    given = [Given(one.id, one.at, _SCORING[one.rule]) for one in decisions if one.rule in _SCORING]
    told, untold = scores_told(entry, given)
    facts = [Told(one.event, by_id[one.given.id]) for one in told]
    return Telling([*facts, Told(submitted_event(entry))], untold)


async def _vote(vote: Vote, decisions: Sequence[DecisionEntry]) -> Telling:
    # What came too late stands there uncounted, and was never told.
    return Telling([Told(cast_event(vote), decisions[0])] if vote.counted else [])
