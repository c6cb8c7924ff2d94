"""The reasons and figures of a finished plan."""

from services.placement.domain.reasons import ReasonCode
from services.placement.planning.fit import Fit, matches, points
from services.placement.planning.problem import (
    Figures,
    Group,
    LeftOver,
    Placed,
    PlanningProblem,
    PlanningResult,
    Student,
    Why,
)
from services.placement.planning.settling import Settled

SETTLED = frozenset({ReasonCode.PINNED, ReasonCode.STAYS, ReasonCode.STAYS_FLAG_CLEARED})


class Explanations:
    """Gives reasons. Equal ones are one object: 100,000 students have a few dozen between them."""

    def __init__(self, settled: Settled, fit: Fit) -> None:
        self._settled = settled
        self._fit = fit
        self._reasons: dict[tuple[str, str], Why] = {}
        self._fitting: dict[tuple[str, tuple[str, ...]], str] = {}
        self._first = _first_students(settled)

    def of(self, student: Student, group: Group) -> tuple[Why, ...]:
        """Why the student has this group."""
        settled = self._settled.because.get(student.id) in SETTLED
        first = self._first.get(group.id) == student.id
        reasons = self.past(student)
        if first:
            reasons.append(self._why(ReasonCode.FIRST_STUDENT))
        fitting = self._potentials(student.programme, group.potentials)
        if fitting:
            reasons.append(self._why(ReasonCode.FITS_POTENTIAL, "potentials", fitting))
        if settled:
            return tuple(reasons)
        students = self._settled.totals[group.id]
        if students > 1 and self._settled.load[group.id][student.university] == 1:
            reasons.append(self._why(ReasonCode.ONLY_OF_UNIVERSITY))
        if not first:
            reasons.append(self._why(ReasonCode.FEW_STUDENTS, "students", str(students)))
        return tuple(reasons)

    def left_over(self, student: Student) -> tuple[Why, ...]:
        """Why the student has no group."""
        return (*self.past(student), self._why(ReasonCode.NO_CAPACITY))

    def past(self, student: Student) -> list[Why]:
        """What a pin or the student's present place has to do with it."""
        because = self._settled.because.get(student.id)
        if because is None:
            return []
        if because is ReasonCode.KIM_NOT_REGISTERED:
            return [self._why(because, "flag", student.flag or "-")]
        return [self._why(because)]

    def _potentials(self, programme: str, potentials: tuple[str, ...]) -> str:
        key = programme, potentials
        if key not in self._fitting:
            self._fitting[key] = ", ".join(matches(self._fit.row(programme), potentials))
        return self._fitting[key]

    def _why(self, code: ReasonCode, fact: str = "", value: str = "") -> Why:
        key = code.value, value
        if key not in self._reasons:
            self._reasons[key] = Why(code.value, {fact: value} if fact else {})
        return self._reasons[key]


def explain(
    problem: PlanningProblem, settled: Settled, left_over: list[Student], fit: Fit
) -> PlanningResult:
    """The plan with a reason for every student, by id."""
    groups = {group.id: group for group in settled.groups}
    explanations = Explanations(settled, fit)
    placed = [
        Placed(student.id, group_id, student.current, explanations.of(student, groups[group_id]))
        for student in sorted(problem.students, key=lambda student: student.id)
        if (group_id := settled.placed.get(student.id)) is not None
    ]
    return PlanningResult(
        placed=tuple(placed),
        left_over=tuple(
            LeftOver(student.id, explanations.left_over(student)) for student in left_over
        ),
        figures=_figures(problem, settled, groups, fit),
    )


def _first_students(settled: Settled) -> dict[str, str]:
    """The student, by group, that the bonus brought: the first by id where nobody was before."""
    occupied = {group.id for group in settled.groups if any(group.occupied.values())}
    first: dict[str, str] = {}
    for student, group in settled.placed.items():
        if settled.because.get(student) in SETTLED:
            occupied.add(group)
        elif group not in first or student < first[group]:
            first[group] = student
    return {group: student for group, student in first.items() if group not in occupied}


def _figures(
    problem: PlanningProblem, settled: Settled, groups: dict[str, Group], fit: Fit
) -> Figures:
    weights = problem.weights
    missed = pairs = crowding = moves = 0
    for student in problem.students:
        group_id = settled.placed.get(student.id)
        if group_id is not None:
            row = fit.row(student.programme)
            missed += fit.highest - points(row, groups[group_id].potentials)
            moves += student.current is not None and student.current != group_id
    for group in settled.groups:
        total = settled.totals[group.id]
        if total > 1:
            crowding += total * (total - 1) // 2
            pairs += sum(count * (count - 1) // 2 for count in settled.load[group.id].values())
    totals = settled.totals.values()
    return Figures(
        cost=weights.fit * missed + weights.university * pairs + weights.group * crowding,
        groups=len(totals),
        groups_without_students=list(totals).count(0),
        fewest_students=min(totals, default=0),
        most_students=max(totals, default=0),
        same_university_pairs=pairs,
        moves=moves,
    )
