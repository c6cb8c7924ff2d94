"""A competition's public state, as its events carry it: no judge, no reason."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

from kentongan.contracts.competitions import (
    ActivityCount,
    CompetitionStage,
    Criterion,
    CriterionResult,
    Prize,
    RankedEntry,
    Results,
    StageResult,
)
from kentongan.contracts.scoring import CompetitionState
from services.scoring.domain.competitions import Competition, CompetitionStatus, Outcome, Stage
from services.scoring.domain.entries import Entry
from services.scoring.domain.ranking import PARTS, TIE_RULE, means_of, points_of

PublicEvent = TypeVar("PublicEvent", bound=CompetitionState)

LISTED = 200
"""The most ranks that an event lists; all are served by the service."""
LISTED_BYTES = 600_000
"""And the most room for them, well below what a record may hold."""


def state_event(
    event: type[PublicEvent], competition: Competition, results: Results | None = None
) -> PublicEvent:
    """The event of this type with the competition's state."""
    published = competition.status is CompetitionStatus.PUBLISHED
    return event(
        competition_id=competition.competition_id,
        title=competition.title,
        region_code=competition.region_code,
        status=(CompetitionStatus.PUBLISHED if published else CompetitionStatus.OPEN).value,
        period_start=competition.period_start,
        period_end=competition.period_end,
        stages=[public_stage(stage) for stage in competition.stages],
        results=results,
    )


def public_stage(stage: Stage) -> CompetitionStage:
    """A stage as anyone may see it; who judges it is not told."""
    return CompetitionStage(
        number=stage.number,
        name=stage.name,
        criteria=[Criterion(**each.model_dump()) for each in stage.criteria],
        qualifying=stage.qualifying,
        closed_at=stage.closed_at,
        entries=stage.entries,
        qualified=stage.qualified,
    )


def results_of(competition: Competition, outcome: Outcome, first: Sequence[Entry]) -> Results:
    """The results with as many of the first entries as an event may list."""
    listed: list[RankedEntry] = []
    room = LISTED_BYTES
    for entry in first[:LISTED]:
        ranked = ranked_entry(competition, entry)
        room -= len(json.dumps(ranked.model_dump(mode="json")))
        if room < 0:
            break
        listed.append(ranked)
    return Results(
        published_at=outcome.published_at,
        tie_rule=TIE_RULE,
        entries=outcome.entries,
        ranking=listed,
        prizes=[Prize(**prize.model_dump()) for prize in outcome.prizes],
    )


def ranked_entry(competition: Competition, entry: Entry) -> RankedEntry:
    """An entry with all that its ranks are made of, in every stage that is ranked."""
    results = [
        stage_result(competition.stage(part.number), entry)
        for part in entry.stages
        if part.number <= entry.ranked_stage
    ]
    return RankedEntry(
        rank=entry.rank,
        entry_id=entry.entry_id,
        kim_id=entry.kim_id,
        region_code=entry.region_code,
        title=entry.title,
        stages=results,
    )


def stage_result(stage: Stage, entry: Entry) -> StageResult:
    """How an entry ended a stage; points in ascending order, so that no judge is known by them."""
    part = entry.stages[stage.number - 1]
    points = points_of(stage.criteria, part)
    means = means_of(stage.criteria, points)
    counts = {
        each.criterion_id: ActivityCount(contents=each.contents, activities=each.activities)
        for each in part.counted
    }
    return StageResult(
        number=stage.number,
        rank=part.rank or 0,
        total=part.total or 0.0,
        criteria=[
            CriterionResult(
                criterion_id=each.criterion_id,
                points=sorted(given / 100 for given in points[each.criterion_id]),
                mean=float(round(Fraction(means[each.criterion_id], PARTS), 4)),
                counted=counts.get(each.criterion_id),
            )
            for each in stage.criteria
        ],
    )
