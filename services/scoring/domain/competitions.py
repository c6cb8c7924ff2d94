"""A competition: stages in order, each judged by a rubric until it is closed."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from kentongan.domain.state import State
from services.scoring.domain.errors import StageUnknown
from services.scoring.domain.rubrics import Rubric


class CompetitionStatus(StrEnum):
    """Closing is the while in which a stage's entries are sealed and ranked, chunk by chunk."""

    OPEN = "open"
    CLOSING = "closing"
    PUBLISHED = "published"


class Stage(State):
    """One stage. Its rubric stands, and its judges stay, from the first score on."""

    number: int
    name: str
    criteria: Rubric
    judges: tuple[str, ...]
    """Opaque ids."""
    deadline: datetime
    """No score is taken after it; those taken may be corrected until the stage is closed."""
    qualifying: int | None = None
    """How many go on; all who share the last qualifying rank do. None means everybody."""
    judging_since: datetime | None = None
    closed_at: datetime | None = None
    entries: int | None = None
    qualified: int | None = None


class Closing(State):
    """A closing under way."""

    stage: int
    started_at: datetime
    """What was published or verified later isn't counted by an activity criterion."""
    incomplete_reason: str | None = None


class Prize(State):
    """What a group won; `rank` is none for a special prize."""

    name: str
    entry_id: str
    kim_id: str
    rank: int | None


class Outcome(State):
    """The published results, apart from the ranking, which lies with the entries."""

    published_at: datetime
    entries: int
    prizes: tuple[Prize, ...]


class Competition(State):
    """A competition. It knows nothing of single entries: each says for itself how far it came."""

    competition_id: str
    title: str
    region_code: str
    period_start: date
    period_end: date
    submissions_until: datetime
    stages: tuple[Stage, ...]
    status: CompetitionStatus = CompetitionStatus.OPEN
    closing: Closing | None = None
    outcome: Outcome | None = None

    @property
    def open_stage(self) -> Stage | None:
        """The stage that is judged, or being closed; None once the last one is closed."""
        return next((stage for stage in self.stages if stage.closed_at is None), None)

    def stage(self, number: int) -> Stage:
        """A stage by its number. Raises StageUnknown."""
        if not 1 <= number <= len(self.stages):
            raise StageUnknown(stage=number)
        return self.stages[number - 1]

    def is_last(self, number: int) -> bool:
        """Whether nothing follows this stage."""
        return number == len(self.stages)

    def judges(self) -> frozenset[str]:
        """Everybody who judges any stage."""
        return frozenset(judge for stage in self.stages for judge in stage.judges)

    def with_stage(self, stage: Stage) -> "Competition":
        """The same with this stage in the place of the one of its number."""
        stages: Sequence[Stage] = [
            stage if each.number == stage.number else each for each in self.stages
        ]
        return self.model_copy(update={"stages": tuple(stages)})
