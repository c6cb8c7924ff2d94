"""Students and groups that a plan can't tell apart, counted instead of listed.

The full graph of 100,000 students and 83,000 groups has 8 thousand million arcs. But cost depends
on a student only by university and fit, and on a group only by fit, room and present load. Students
alike are one source of many units; groups alike are one node whose unit arcs are as wide as the
class. Nothing is lost: rising unit arcs fill level by level, and dealing a class's students round,
university by university, gives each of its groups its share of the total and of every university
to within one, which is what those levels paid for. So the optimum is that of the full graph, and
a network of 83,000 groups has some 5,000 arcs.
"""

from collections import defaultdict
from dataclasses import dataclass

from services.placement.planning.fit import Fit, points
from services.placement.planning.problem import Student
from services.placement.planning.settling import Settled

Row = tuple[tuple[str, int], ...]
"""A programme's points by potential."""
Signature = tuple[int, ...]
"""A group's points for each row of the unsettled students, in the rows' order."""


@dataclass(frozen=True, slots=True)
class StudentClass:
    """Unsettled students of one university whose programmes have the same points, by id."""

    university: str
    row: int
    students: tuple[Student, ...]


@dataclass(frozen=True, slots=True)
class GroupClass:
    """Groups with room that are alike: same points, same room, same load by university; by id."""

    signature: Signature
    room: int
    total: int
    load: tuple[tuple[str, int], ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classes:
    """All classes of a problem, in a fixed order, so that the same input gives the same plan."""

    students: tuple[StudentClass, ...]
    groups: tuple[GroupClass, ...]
    universities: tuple[str, ...]


def classify(settled: Settled, fit: Fit) -> Classes:
    """Sort the unsettled students and the groups with room into classes."""
    students: dict[tuple[str, Row], list[Student]] = defaultdict(list)
    for student in settled.unsettled:
        students[student.university, tuple(fit.row(student.programme).items())].append(student)
    rows = sorted({row for _, row in students})
    number = {row: position for position, row in enumerate(rows)}
    universities = sorted({university for university, _ in students})
    return Classes(
        students=tuple(
            StudentClass(university, number[row], tuple(alike))
            for (university, row), alike in sorted(students.items(), key=lambda item: item[0])
        ),
        groups=_group_classes(settled, [dict(row) for row in rows], frozenset(universities)),
        universities=tuple(universities),
    )


def _group_classes(
    settled: Settled, rows: list[dict[str, int]], universities: frozenset[str]
) -> tuple[GroupClass, ...]:
    signatures: dict[tuple[str, ...], Signature] = {}
    alike: dict[tuple[Signature, int, int, tuple[tuple[str, int], ...]], list[str]]
    alike = defaultdict(list)
    for group in settled.groups:
        room = settled.room(group)
        if room == 0:
            continue
        signature = signatures.get(group.potentials)
        if signature is None:
            signature = tuple(points(row, group.potentials) for row in rows)
            signatures[group.potentials] = signature
        load = _load_of(settled.load[group.id], universities)
        key = (signature, room, settled.totals[group.id], load)
        alike[key].append(group.id)
    return tuple(GroupClass(*key, tuple(ids)) for key, ids in sorted(alike.items()))


def _load_of(load: dict[str, int], universities: frozenset[str]) -> tuple[tuple[str, int], ...]:
    """The load that matters: other universities' students count in the total alone."""
    if not load:
        return ()
    return tuple(
        sorted((name, count) for name, count in load.items() if count and name in universities)
    )
