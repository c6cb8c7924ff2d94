"""What the solver is given and what it answers: plain data that passes between two processes."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

FitTable = dict[str, dict[str, int]]
"""Points by word of a study programme and by potential: {"gizi": {"kuliner": 3}}."""


@dataclass(frozen=True, slots=True)
class Student:
    """A student to be placed. `current` is today's group, `flag` why that assignment is flagged."""

    id: str
    university: str
    programme: str
    current: str | None = None
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group that can have students. `occupied` counts those outside this plan, by university."""

    id: str
    potentials: tuple[str, ...]
    capacity: int
    occupied: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """What one step costs: the k-th student of a group, the k-th of a university in a group, one
    point of fit missed. A group's first student outweighs all of them together.
    """

    group: int = 100
    university: int = 40
    fit: int = 10


@dataclass(frozen=True, slots=True)
class PlanningProblem:
    """Everything that a plan depends on. The order of students and groups doesn't matter."""

    students: tuple[Student, ...]
    groups: tuple[Group, ...]
    pins: dict[str, str] = field(default_factory=dict)
    fit: FitTable = field(default_factory=dict)
    weights: Weights = Weights()


@dataclass(frozen=True, slots=True)
class Why:
    """A reason's code and facts (see `domain/reasons.py`)."""

    code: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """The group chosen for a student, and why."""

    student: str
    group: str
    previous: str | None
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A student for whom no group has room."""

    student: str
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The plan's cost, as the weights count it, and how even it is."""

    cost: int
    groups: int
    groups_without_students: int
    fewest_students: int
    most_students: int
    same_university_pairs: int
    moves: int


@dataclass(frozen=True, slots=True)
class PlanningResult:
    """A solved plan, or the code of what makes one impossible."""

    placed: tuple[Placed, ...] = ()
    left_over: tuple[LeftOver, ...] = ()
    figures: Figures | None = None
    failure: str | None = None


PROBLEM = TypeAdapter(PlanningProblem)
RESULT = TypeAdapter(PlanningResult)


class PlanImpossible(Exception):
    """No plan exists for this problem. `code` says why: pin-stale, pins-exceed-capacity, ..."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
