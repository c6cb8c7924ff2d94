"""What is decided before anything is solved: pins, and students who stay where they are.

Re-planning moves as few students as it can, and that number is known without a solver: a student
moves only where the group can't keep them. So staying isn't weighed against coverage or balance; it
comes first, and the solver sees only students without a group. Who wants to move one pins them.
"""

from dataclasses import dataclass, field

from services.placement.domain.reasons import ReasonCode
from services.placement.planning.problem import Group, PlanImpossible, PlanningProblem, Student


@dataclass(slots=True)
class Settled:
    """The placement so far. `load` counts students by group and university, outsiders included."""

    groups: list[Group]
    load: dict[str, dict[str, int]]
    totals: dict[str, int]
    placed: dict[str, str] = field(default_factory=dict)
    because: dict[str, ReasonCode] = field(default_factory=dict)
    unsettled: list[Student] = field(default_factory=list)

    def room(self, group: Group) -> int:
        """The students that a group can still have."""
        return max(0, group.capacity - self.totals[group.id])

    def place(self, student: Student, group_id: str, because: ReasonCode | None = None) -> None:
        """Give a student a group."""
        self.placed[student.id] = group_id
        load = self.load[group_id]
        load[student.university] = load.get(student.university, 0) + 1
        self.totals[group_id] += 1
        if because is not None:
            self.because[student.id] = because


def settle(problem: PlanningProblem) -> Settled:
    """Place pinned and staying students, in the order of their ids.

    Where pins leave less room than there are students to stay, the first by id stay. Raises
    PlanImpossible: pin-stale (no such group or student), pins-exceed-capacity.
    """
    groups = sorted(problem.groups, key=lambda group: group.id)
    students = sorted(problem.students, key=lambda student: student.id)
    settled = Settled(
        groups,
        {group.id: dict(group.occupied) for group in groups},
        {group.id: sum(group.occupied.values()) for group in groups},
    )
    _place_pinned(problem, settled, students)
    rooms = {group.id: settled.room(group) for group in groups}
    for student in students:
        if student.id in settled.placed:
            continue
        if student.current is not None and rooms.get(student.current, 0) > 0:
            rooms[student.current] -= 1
            flagged = student.flag is not None
            settled.place(
                student,
                student.current,
                ReasonCode.STAYS_FLAG_CLEARED if flagged else ReasonCode.STAYS,
            )
        else:
            if student.current is not None:
                settled.because[student.id] = (
                    ReasonCode.NO_ROOM_TO_STAY
                    if student.current in rooms
                    else ReasonCode.KIM_NOT_REGISTERED
                )
            settled.unsettled.append(student)
    return settled


def _place_pinned(problem: PlanningProblem, settled: Settled, students: list[Student]) -> None:
    by_id = {group.id: group for group in settled.groups}
    if not problem.pins.keys() <= {student.id for student in students}:
        raise PlanImpossible("pin-stale")
    for student in students:
        group_id = problem.pins.get(student.id)
        if group_id is None:
            continue
        group = by_id.get(group_id)
        if group is None:
            raise PlanImpossible("pin-stale")
        if settled.room(group) == 0:
            raise PlanImpossible("pins-exceed-capacity")
        settled.place(student, group_id, ReasonCode.PINNED)
