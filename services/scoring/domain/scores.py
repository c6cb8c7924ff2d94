"""Judges score an entry: once a criterion, correct it with a reason, declare a conflict."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kentongan.contracts.scoring import ScoreSubmitted
from kentongan.domain import Decision
from services.scoring.domain import errors
from services.scoring.domain.competitions import Competition, Stage
from services.scoring.domain.entries import Conflict, Correction, Entry, Participation, Score
from services.scoring.domain.rubrics import CriterionKind

Points = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judging:
    """Who judges in which stage of which competition, and when."""

    competition: Competition
    stage: int
    judge_id: str
    now: datetime


def ensure_may_judge(entry: Entry, judging: Judging) -> tuple[Stage, Participation]:
    """The stage and the entry's part in it, if this judge may score it now.

    The competition may be a moment old; what decides is the entry itself, whose version guards
    the write: as long as it isn't sealed its scores count.
    Raises StageUnknown, ForeignJudge, StageIsClosed, StageNotOpen, NotQualified,
    ConflictDeclared.
    """
    number, judge_id = judging.stage, judging.judge_id
    stage = judging.competition.stage(number)
    if judge_id not in stage.judges:
        raise errors.ForeignJudge
    closing = judging.competition.closing
    ending = closing is not None and closing.stage == number
    if ending or stage.closed_at is not None or entry.is_sealed(number):
        raise errors.StageIsClosed(stage=number)
    open_stage = judging.competition.open_stage
    if open_stage is None or open_stage.number != number:
        raise errors.StageNotOpen(stage=number)
    part = entry.participation(number)
    if part is None:
        raise errors.NotQualified(stage=number)
    if entry.is_conflicted(judge_id, number):
        raise errors.ConflictDeclared
    return stage, part


def submit_score(entry: Entry, judging: Judging, points: Points) -> Decision[Entry]:
    """A judge scores one or several criteria, each for the first time.

    Raises what `ensure_may_judge` does, DeadlinePassed, CriterionUnknown, PointsOffScale,
    AlreadyScored.
    """
    stage, part = ensure_may_judge(entry, judging)
    if judging.now > stage.deadline:
        raise errors.DeadlinePassed(deadline=stage.deadline.isoformat())
    _check_points(stage, points)
    known = {each.criterion_id for each in part.scores if each.judge_id == judging.judge_id}
    for criterion_id in points:
        if criterion_id in known:
            raise errors.AlreadyScored(field=f"/points/{criterion_id}", criterion=criterion_id)
    given = tuple(
        Score(
            judge_id=judging.judge_id,
            criterion_id=criterion_id,
            points=value,
            scored_at=judging.now,
        )
        for criterion_id, value in points.items()
    )
    scored = part.model_copy(update={"scores": (*part.scores, *given)})
    event = _event(entry, judging, points, corrects=False)
    return Decision(entry.with_participation(scored), rule="score.submit", event=event)


def correct_score(entry: Entry, judging: Judging, points: Points, reason: str) -> Decision[Entry]:
    """A judge replaces points of their own; what was before stays in the trail, with the reason.

    It may come after the deadline: a score stands when the stage is closed.
    Raises what `ensure_may_judge` does, CriterionUnknown, PointsOffScale, NotScoredYet.
    """
    stage, part = ensure_may_judge(entry, judging)
    _check_points(stage, points)
    judge_id = judging.judge_id
    before = {each.criterion_id: each.points for each in part.scores if each.judge_id == judge_id}
    for criterion_id in points:
        if criterion_id not in before:
            raise errors.NotScoredYet(field=f"/points/{criterion_id}", criterion=criterion_id)
    scores = tuple(
        each.model_copy(update={"points": points[each.criterion_id], "scored_at": judging.now})
        if each.judge_id == judge_id and each.criterion_id in points
        else each
        for each in part.scores
    )
    trail = tuple(
        Correction(
            judge_id=judge_id,
            criterion_id=criterion_id,
            before=before[criterion_id],
            after=value,
            reason=reason,
            corrected_at=judging.now,
        )
        for criterion_id, value in points.items()
    )
    corrected = part.model_copy(
        update={"scores": scores, "corrections": (*part.corrections, *trail)}
    )
    event = _event(entry, judging, points, corrects=True)
    return Decision(entry.with_participation(corrected), rule="score.correct", event=event)


def declare_conflict(
    competition: Competition, entry: Entry, number: int | None, judge_id: str, now: datetime
) -> Decision[Entry]:
    """A judge won't judge this entry, in one stage or (none) from now on. It stays so.

    It comes before scoring: points that were given count, and aren't taken back.
    Raises StageUnknown, ForeignJudge, StageIsClosed, ConflictDeclared, AlreadyScored.
    """
    judges = competition.judges() if number is None else competition.stage(number).judges
    if judge_id not in judges:
        raise errors.ForeignJudge
    stages = range(entry.sealed_stage + 1, len(competition.stages) + 1)
    concerned = list(stages) if number is None else [number]
    if any(entry.is_sealed(each) for each in concerned) or not concerned:
        raise errors.StageIsClosed(stage=number or entry.sealed_stage)
    if all(entry.is_conflicted(judge_id, each) for each in concerned):
        raise errors.ConflictDeclared
    for each in concerned:
        part = entry.participation(each)
        scored = [one for one in part.scores if one.judge_id == judge_id] if part else []
        if scored:
            raise errors.AlreadyScored(criterion=scored[0].criterion_id)
    conflict = Conflict(judge_id=judge_id, stage=number, declared_at=now)
    state = entry.model_copy(update={"conflicts": (*entry.conflicts, conflict)})
    return Decision(state, rule="conflict.declare")


def _check_points(stage: Stage, points: Points) -> None:
    criteria = {each.criterion_id: each for each in stage.criteria}
    for criterion_id, value in points.items():
        here = f"/points/{criterion_id}"
        criterion = criteria.get(criterion_id)
        if criterion is None or criterion.kind is not CriterionKind.JUDGED:
            raise errors.CriterionUnknown(field=here, criterion=criterion_id)
        if not criterion.scale_min <= value <= criterion.scale_max:
            raise errors.PointsOffScale(
                field=here,
                criterion=criterion_id,
                scale_min=criterion.scale_min,
                scale_max=criterion.scale_max,
            )


def _event(entry: Entry, judging: Judging, points: Points, *, corrects: bool) -> ScoreSubmitted:
    return ScoreSubmitted(
        entry_id=entry.entry_id,
        competition_id=entry.competition_id,
        stage=judging.stage,
        judge_id=judging.judge_id,
        points=dict(points),
        corrects=corrects,
        scored_at=judging.now,
    )
