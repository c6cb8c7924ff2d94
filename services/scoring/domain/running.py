"""How a competition is run: opened, its rubric and judges changed, its stages closed."""

from datetime import datetime

from kentongan.contracts.scoring import StageClosed
from kentongan.domain import Decision
from services.scoring.domain import errors
from services.scoring.domain.competitions import (
    Closing,
    Competition,
    CompetitionStatus,
    Stage,
)
from services.scoring.domain.public_state import state_event
from services.scoring.domain.rubrics import Rubric, check_rubric


def open_competition(competition: Competition, now: datetime) -> Decision[Competition]:
    """Open a competition with all its stages.

    Raises PeriodReversed, DeadlinesUnordered, DeadlinePassed where no score could be given in the
    first stage, JudgeRepeated, and what a rubric may raise.
    """
    if competition.period_end < competition.period_start:
        raise errors.PeriodReversed(
            field="/period_end",
            period_start=competition.period_start.isoformat(),
            period_end=competition.period_end.isoformat(),
        )
    before = competition.submissions_until
    for position, stage in enumerate(competition.stages):
        here = f"/stages/{position}"
        if stage.deadline < before:
            raise errors.DeadlinesUnordered(field=f"{here}/deadline", stage=stage.number)
        before = stage.deadline
        check_rubric(stage.criteria, f"{here}/criteria")
        check_judges(stage.judges, f"{here}/judges")
    first = competition.stages[0]
    if now > first.deadline:
        raise errors.DeadlinePassed(field="/stages/0/deadline", deadline=first.deadline.isoformat())
    return Decision(competition, rule="competition.open")


def check_judges(judges: tuple[str, ...], field: str) -> None:
    """Raises JudgeRepeated."""
    for position, judge in enumerate(judges):
        if judge in judges[:position]:
            raise errors.JudgeRepeated(field=f"{field}/{position}", judge=judge)


def change_rubric(competition: Competition, number: int, criteria: Rubric) -> Decision[Competition]:
    """Replace a stage's rubric.

    Raises JudgingBegun, StageIsClosed, StageIsClosing, StageUnknown, and what a rubric may raise.
    """
    stage = _changeable(competition, number)
    if stage.judging_since is not None:
        raise errors.JudgingBegun(stage=number)
    check_rubric(criteria, "/criteria")
    changed = stage.model_copy(update={"criteria": criteria})
    return Decision(competition.with_stage(changed), rule="competition.change-rubric")


def assign_judges(
    competition: Competition, number: int, judges: tuple[str, ...]
) -> Decision[Competition]:
    """Say who judges a stage. From the first score on judges may come, but none may go.

    Raises JudgingBegun, JudgeRepeated, StageIsClosed, StageIsClosing, StageUnknown.
    """
    stage = _changeable(competition, number)
    check_judges(judges, "/judges")
    if stage.judging_since is not None and not set(stage.judges) <= set(judges):
        raise errors.JudgingBegun(field="/judges", stage=number)
    changed = stage.model_copy(update={"judges": judges})
    return Decision(competition.with_stage(changed), rule="competition.assign-judges")


def begin_judging(competition: Competition, number: int, now: datetime) -> Decision[Competition]:
    """Note that a stage is about to be scored: from now on its rubric stands and its judges stay.

    It is written before the stage's first score, so that no score is given by another rubric.
    Raises StageUnknown, StageNotOpen, StageIsClosed, StageIsClosing.
    """
    stage = ensure_open(competition, number)
    since = stage.judging_since or now
    begun = stage.model_copy(update={"judging_since": since})
    return Decision(competition.with_stage(begun), rule="competition.begin-judging")


def begin_closing(
    competition: Competition, number: int, missing: int, now: datetime, reason: str | None
) -> Decision[Competition]:
    """Stop taking entries and scores of a stage; its entries are then sealed one by one.

    `missing` counts the scores that its judges still owe.
    Raises StageUnknown, StageNotOpen, StageIsClosed, StageIsClosing, ScoresMissing.
    """
    ensure_open(competition, number)
    if missing and reason is None:
        raise errors.ScoresMissing(missing=missing)
    closing = Closing(stage=number, started_at=now, incomplete_reason=reason)
    state = competition.model_copy(update={"status": CompetitionStatus.CLOSING, "closing": closing})
    return Decision(state, rule="stage.close", note=reason)


def finish_closing(
    competition: Competition, number: int, entries: int, qualified: int, now: datetime
) -> Decision[Competition]:
    """Every entry of the stage is sealed and ranked. Raises StageIsClosed where that is known."""
    closing = competition.closing
    if closing is None or closing.stage != number:
        raise errors.StageIsClosed(stage=number)
    closed = competition.stage(number).model_copy(
        update={"closed_at": now, "entries": entries, "qualified": qualified}
    )
    state = competition.with_stage(closed).model_copy(
        update={"status": CompetitionStatus.OPEN, "closing": None}
    )
    return Decision(state, rule="stage.seal", event=state_event(StageClosed, state))


def ensure_open(competition: Competition, number: int) -> Stage:
    """The stage, if it is the one that is judged now.

    Raises StageUnknown, StageIsClosed, StageIsClosing, StageNotOpen.
    """
    stage = _changeable(competition, number)
    current = competition.open_stage
    if current is None or current.number != number:
        raise errors.StageNotOpen(stage=number)
    return stage


def _changeable(competition: Competition, number: int) -> Stage:
    stage = competition.stage(number)
    if stage.closed_at is not None:
        raise errors.StageIsClosed(stage=number)
    if competition.closing is not None and competition.closing.stage == number:
        raise errors.StageIsClosing(stage=number)
    return stage
