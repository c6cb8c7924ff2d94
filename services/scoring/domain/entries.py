"""A group's entry in a competition, with the scores that it was given: one document."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kentongan.contracts.scoring import EntrySubmitted
from kentongan.domain import Decision
from kentongan.domain.kims import Kim
from kentongan.domain.state import State
from services.scoring.domain.competitions import Competition, CompetitionStatus
from services.scoring.domain.errors import SubmissionsOver
from services.scoring.domain.kims import ensure_may_enter

_ENTRIES = uuid5(NAMESPACE_URL, "urn:kentongan:entry")


class Score(State):
    """The points that a judge gave for one criterion."""

    judge_id: str
    criterion_id: str
    points: int
    scored_at: datetime


class Correction(State):
    """What a score was before its judge corrected it, and why. It stays in this service."""

    judge_id: str
    criterion_id: str
    before: int
    after: int
    reason: str
    corrected_at: datetime


class Conflict(State):
    """A judge who can't judge this entry, in one stage or (none) in all."""

    judge_id: str
    stage: int | None
    declared_at: datetime


class ActivityCount(State):
    """What a group had done when the stage closed, and the points for it."""

    criterion_id: str
    contents: int
    activities: int
    hundredths: int
    """Points in hundredths: exact, however they are added up."""


class Participation(State):
    """An entry's part in one stage. Once it is sealed nothing of it changes but its rank."""

    number: int
    scores: tuple[Score, ...] = ()
    corrections: tuple[Correction, ...] = ()
    counted: tuple[ActivityCount, ...] = ()
    total: float | None = None
    """0 to 100, to 4 places; none until sealed."""
    rank: int | None = None
    qualified: bool | None = None


class Entry(State):
    """What a group enters, and how far it came.

    It takes scores while `sealed_stage < stage`. `order_key` sorts the entries of the sealed stage
    exactly, the greatest first; `rank` is the one in the stage that was last ranked, which for the
    last one that it took part in is its place in the end (see `ranking.py`).
    """

    entry_id: str
    competition_id: str
    kim_id: str
    region_code: str
    title: str
    summary: str
    links: tuple[str, ...]
    submitted_at: datetime
    stage: int = 1
    sealed_stage: int = 0
    ranked_stage: int = 0
    order_key: str = ""
    rank: int = 0
    stages: tuple[Participation, ...] = (Participation(number=1),)
    conflicts: tuple[Conflict, ...] = ()

    def participation(self, stage: int) -> Participation | None:
        """Its part in a stage; None where it didn't come so far."""
        return self.stages[stage - 1] if 1 <= stage <= len(self.stages) else None

    def is_sealed(self, stage: int) -> bool:
        """Whether the scores of a stage can't change any more."""
        return stage <= self.sealed_stage

    def is_conflicted(self, judge_id: str, stage: int) -> bool:
        """Whether a judge has declared a conflict for this stage or for all."""
        return any(
            each.judge_id == judge_id and each.stage in (None, stage) for each in self.conflicts
        )

    def with_participation(self, part: Participation, **changed: Any) -> "Entry":
        """The same with this part in place of the one of its number, and other changes."""
        stages = tuple(part if each.number == part.number else each for each in self.stages)
        return self.model_copy(update={"stages": stages, **changed})


class Submission(State):
    """What the group sends in."""

    title: str
    summary: str
    links: tuple[str, ...]


def entry_id(competition_id: str, kim_id: str) -> str:
    """The natural id: a group enters a competition once."""
    return str(uuid5(_ENTRIES, f"{competition_id}:{kim_id}"))


def submit_entry(
    competition: Competition, kim: Kim, submission: Submission, now: datetime
) -> Decision[Entry]:
    """A group enters. Raises SubmissionsOver, KimNotRegistered, KimOutsideCompetition.

    The first stage's closing ends submissions, whatever date was set.
    """
    first = competition.stages[0]
    judging = competition.status is CompetitionStatus.OPEN and first.closed_at is None
    if not judging or now >= competition.submissions_until:
        raise SubmissionsOver(submissions_until=competition.submissions_until.isoformat())
    ensure_may_enter(kim, competition.region_code)
    state = Entry(
        entry_id=entry_id(competition.competition_id, kim.kim_id),
        competition_id=competition.competition_id,
        kim_id=kim.kim_id,
        region_code=kim.region_code,
        submitted_at=now,
        **submission.model_dump(),
    )
    return Decision(state, rule="entry.submit", event=submitted_event(state))


def submitted_event(entry: Entry) -> EntrySubmitted:
    """What was entered; no score, no rank."""
    return EntrySubmitted(
        entry_id=entry.entry_id,
        competition_id=entry.competition_id,
        kim_id=entry.kim_id,
        region_code=entry.region_code,
        title=entry.title,
        summary=entry.summary,
        links=list(entry.links),
        submitted_at=entry.submitted_at,
    )
