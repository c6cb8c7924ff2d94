"""What a season leaves to be shown, on the terminal and on the page: figures only, no person."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from kentongan.demo.clients.delays import Delays
from kentongan.demo.consistency.checker import Verdict


@dataclass(frozen=True, slots=True)
class Text:
    """The same in Indonesian and English."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class DistrictCoverage:
    """A district's coverage, as the registry's public query answers it."""

    code: str
    name: str
    kelurahan: int
    registered: int
    suspended: int
    target_percent: float

    @property
    def percent(self) -> float:
        """Registered groups per hundred kelurahan."""
        return 100 * self.registered / self.kelurahan if self.kelurahan else 0.0

    @property
    def reached(self) -> bool:
        """Whether the target is met."""
        return 100 * self.registered >= self.target_percent * self.kelurahan


@dataclass(frozen=True, slots=True)
class Cell:
    """A kelurahan in the schematic: its group's standing and how many students it has."""

    code: str
    name: str
    district_code: str
    standing: str
    """registered, suspended or none."""
    students: int


@dataclass(frozen=True, slots=True)
class UniversityPlacement:
    """A university's students by where they stand."""

    id: str
    name: str
    quota: int
    assigned: int
    withdrawn: int
    waiting: int
    """Enrolled, but without a group."""


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a plan said of itself, and the students per group that it led to."""

    students: int
    unplaced: int
    moves: int
    cost: int
    groups: int
    groups_without_students: int
    fewest: int
    most: int
    same_university_pairs: int
    seconds: float
    """From the request to the proposal."""
    spread: Counter[int]
    """Groups by their number of students, once the plan was confirmed."""


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """One student's place and why; the student is told by programme and university only."""

    programme: str
    university: str
    group: str
    reasons: tuple[Text, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Refusals:
    """How often a rule said no, in the service's own words."""

    service: str
    rule: str
    status: int
    count: int
    title: Text
    detail: Text
    """Of the first."""
    afterwards: Text


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line of the file that was not taken, without what stood in it."""

    line: int
    rule: str
    detail: Text


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """What became of the enrolment file, and of the same file sent again."""

    lines: int
    accepted: int
    rejected: tuple[RejectedLine, ...]
    repeated_when_sent_again: int
    accepted_when_sent_again: int


@dataclass(frozen=True, slots=True)
class Logbook:
    """Entries by what the group said of them, and verified minutes by category."""

    verified: int
    rejected: int
    pending: int
    minutes: dict[str, int]


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """What lies in a topic: records (repeats included), distinct events by name, their times."""

    topic: str
    service: str
    readers: tuple[str, ...]
    records: int
    by_name: dict[str, int]
    times: tuple[datetime, ...]

    @property
    def events(self) -> int:
        """Distinct events."""
        return sum(self.by_name.values())


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under what conditions the season was played."""

    city_code: str
    city_name: str
    today: date
    seed: int
    quick: bool
    began: datetime
    seconds: float
    broker: str
    """apache-kafka, light or external."""
    machine: str
    period_start: date
    period_end: date


@dataclass(frozen=True, slots=True)
class Season:
    """Everything that is shown."""

    circumstances: Circumstances
    coverage: tuple[DistrictCoverage, ...]
    total: DistrictCoverage
    cells: tuple[Cell, ...]
    universities: tuple[UniversityPlacement, ...]
    matrix: dict[tuple[str, str], int]
    """Students by university id and district code."""
    plans: tuple[PlanFigures, ...]
    suspended_group: str
    flagged: int
    reasons: tuple[ReasonShown, ...]
    refusals: tuple[Refusals, ...]
    enrolment: ImportFigures
    logbook: Logbook
    topics: tuple[TopicFigures, ...]
    delays: Delays
    verdict: Verdict
    stages: tuple[tuple[Text, float], ...] = field(default=())
    """The steps of the season and the seconds that each took."""
