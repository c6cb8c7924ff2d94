"""Pins, students who stay, shortage of room: what a plan says about each student."""

import pytest

from services.placement.planning.problem import Group, PlanningProblem, PlanningResult, Student
from services.placement.planning.runner import run_planner
from services.placement.planning.solver import make_plan

FIT = {"gizi": {"kuliner": 3}}


def group(name: str, *potentials: str, capacity: int = 3, **occupied: int) -> Group:
    return Group(name, potentials, capacity, occupied)


def told(result: PlanningResult, student: str) -> tuple[str | None, list[str]]:
    for placed in result.placed:
        if placed.student == student:
            return placed.group, [why.code for why in placed.reasons]
    codes = [
        why.code for each in result.left_over if each.student == student for why in each.reasons
    ]
    return None, codes


def test_a_fitting_group_is_chosen_and_named() -> None:
    problem = PlanningProblem(
        (Student("s1", "A", "S1 Ilmu GIZI"),),
        (group("g1", "wisata"), group("g2", "kuliner", "wisata")),
        fit=FIT,
    )
    result = make_plan(problem)
    assert told(result, "s1") == ("g2", ["first-student", "fits-potential"])
    assert result.placed[0].reasons[1].facts == {"potentials": "kuliner"}


def test_an_empty_group_outweighs_any_fit() -> None:
    students = tuple(Student(f"s{number}", "A", "gizi") for number in range(2))
    problem = PlanningProblem(students, (group("g1", "kuliner"), group("g2", "wisata")), fit=FIT)
    assert {placed.group for placed in make_plan(problem).placed} == {"g1", "g2"}


def test_a_pin_is_kept_whatever_it_costs() -> None:
    problem = PlanningProblem(
        (Student("s1", "A", "gizi"), Student("s2", "A", "gizi")),
        (group("g1", "kuliner"), group("g2")),
        pins={"s1": "g2", "s2": "g2"},
        fit=FIT,
    )
    assert told(make_plan(problem), "s1") == ("g2", ["pinned"])


@pytest.mark.parametrize(
    ("pins", "code"),
    [
        ({"s1": "gone"}, "pin-stale"),
        ({"stranger": "g1"}, "pin-stale"),
        ({"s1": "g1", "s2": "g1"}, "pins-exceed-capacity"),
    ],
)
def test_impossible_pins_fail_the_plan(pins: dict[str, str], code: str) -> None:
    students = (Student("s1", "A", "gizi"), Student("s2", "A", "gizi"))
    problem = PlanningProblem(students, (group("g1", capacity=1),), pins=pins)
    assert make_plan(problem).failure == code


def test_replanning_moves_only_those_whose_group_is_lost() -> None:
    stayed = tuple(Student(f"s{n}", "A", "hukum", current="g1") for n in range(3))
    lost = Student("s9", "A", "hukum", current="gone", flag="kim-suspended")
    problem = PlanningProblem((*stayed, lost), (group("g1"), group("g2")))
    result = make_plan(problem)
    assert [told(result, student.id) for student in stayed] == [("g1", ["stays"])] * 3
    assert told(result, "s9") == ("g2", ["kim-not-registered", "first-student"])
    assert result.figures is not None
    assert result.figures.moves == 1


def test_a_reinstated_group_keeps_its_flagged_student() -> None:
    flagged = Student("s1", "A", "hukum", current="g1", flag="kim-suspended")
    result = make_plan(PlanningProblem((flagged,), (group("g1"), group("g2"))))
    assert told(result, "s1") == ("g1", ["stays-flag-cleared"])


def test_pins_may_push_the_last_by_id_out() -> None:
    students = (
        Student("s1", "A", "hukum", current="g1"),
        Student("s2", "A", "hukum", current="g1"),
        Student("s3", "A", "hukum"),
    )
    groups = (group("g1", capacity=2), group("g2"))
    result = make_plan(PlanningProblem(students, groups, pins={"s3": "g1"}))
    assert told(result, "s1") == ("g1", ["stays"])
    assert told(result, "s2") == ("g2", ["no-room-to-stay", "first-student"])


def test_who_finds_no_room_is_told_so() -> None:
    students = tuple(Student(f"s{number}", "A", "hukum") for number in range(3))
    result = make_plan(PlanningProblem(students, (group("g1", capacity=2),)))
    assert len(result.placed) == 2
    assert [told(result, each.student)[1] for each in result.left_over] == [["no-capacity"]]


def test_students_outside_the_plan_take_their_places() -> None:
    problem = PlanningProblem(
        (Student("s1", "A", "hukum"),), (group("g1", capacity=2, A=2), group("g2", B=1))
    )
    assert told(make_plan(problem), "s1") == ("g2", ["only-of-university", "few-students"])


async def test_the_solver_runs_in_a_process_of_its_own() -> None:
    problem = PlanningProblem((Student("s1", "A", "gizi"),), (group("g1", "kuliner"),), fit=FIT)
    assert await run_planner(problem, time_limit=60) == make_plan(problem)
