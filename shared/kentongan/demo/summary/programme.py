"""Groups, students and their logbooks, as the season leaves them."""

from collections import Counter
from dataclasses import dataclass

from kentongan.demo.summary.text import Text


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
    accepted_when_sent_again: int


@dataclass(frozen=True, slots=True)
class Logbook:
    """Entries by what the group said of them, and verified minutes by category."""

    verified: int
    rejected: int
    pending: int
    minutes: dict[str, int]
