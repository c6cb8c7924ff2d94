"""The planner against brute force on small problems, and against the full graph on real ones."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.placement.planning.problem import Group, PlanningProblem, Student
from services.placement.planning.solver import make_plan
from tests.unit.placement.planning_oracle import full_graph_cost, judge, possible_plans

FIT = {"gizi": {"kuliner": 3, "kwt": 1}, "wisata": {"wisata": 2}, "bisnis": {"kuliner": 1}}
PROGRAMMES = ["gizi", "wisata", "bisnis", "hukum"]
POTENTIALS = ["kuliner", "wisata", "kwt"]


@st.composite
def problems(draw: st.DrawFn) -> PlanningProblem:
    count = draw(st.integers(1, 3))
    names = [f"g{number}" for number in range(count)]
    groups = tuple(
        Group(
            id=name,
            potentials=tuple(sorted(draw(st.sets(st.sampled_from(POTENTIALS))))),
            capacity=draw(st.integers(1, 3)),
            occupied=draw(st.dictionaries(st.sampled_from("AB"), st.integers(1, 2), max_size=1)),
        )
        for name in names
    )
    students = tuple(
        Student(
            id=f"s{number}",
            university=draw(st.sampled_from("ABC")),
            programme=draw(st.sampled_from(PROGRAMMES)),
            current=draw(st.sampled_from([None, None, *names, "gone"])),
        )
        for number in range(draw(st.integers(1, 5)))
    )
    pins: dict[str, str] = {}
    pinned = draw(st.sampled_from([None, students[0]]))
    roomy = [group for group in groups if group.capacity > sum(group.occupied.values())]
    if pinned is not None and roomy:
        pins[pinned.id] = draw(st.sampled_from(roomy)).id
    return PlanningProblem(students, groups, pins, FIT)


def crowded(problem: PlanningProblem) -> bool:
    """More students to stay in a group than it has room for: there the first by id stay."""
    return any(
        sum(
            student.current == group.id and student.id not in problem.pins
            for student in problem.students
        )
        > group.capacity
        - sum(group.occupied.values())
        - sum(pinned == group.id for pinned in problem.pins.values())
        for group in problem.groups
    )


@settings(max_examples=300, deadline=None)
@given(problems())
def test_no_possible_plan_is_better(problem: PlanningProblem) -> None:
    result = make_plan(problem)
    assert result.failure is None
    plan = {placed.student: placed.group for placed in result.placed}
    best = min(judge(problem, possible) for possible in possible_plans(problem))
    found = judge(problem, plan)
    if crowded(problem):
        assert found[:2] == best[:2]
    else:
        assert found == best
    assert result.figures is not None
    assert result.figures.cost == found[3]
    assert result.figures.groups_without_students == found[2]
    assert len(result.left_over) == found[0]


@settings(max_examples=100, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_same_input_in_any_order_gives_the_same_plan(
    problem: PlanningProblem, shuffle: random.Random
) -> None:
    students, groups = list(problem.students), list(problem.groups)
    shuffle.shuffle(students)
    shuffle.shuffle(groups)
    shuffled = PlanningProblem(tuple(students), tuple(groups), problem.pins, problem.fit)
    assert make_plan(shuffled) == make_plan(problem)


def season(students: int, groups: int, capacity: int, seed: int) -> PlanningProblem:
    chance = random.Random(seed)
    return PlanningProblem(
        tuple(
            Student(f"s{number:05}", f"u{chance.randrange(7)}", chance.choice(PROGRAMMES))
            for number in range(students)
        ),
        tuple(
            Group(f"g{number:05}", tuple(chance.sample(POTENTIALS, chance.randint(1, 3))), capacity)
            for number in range(groups)
        ),
        fit=FIT,
    )


def test_classes_lose_nothing_against_the_full_graph() -> None:
    for students, groups, capacity, seed in ((114, 104, 3, 1), (300, 40, 9, 2), (60, 104, 2, 3)):
        problem = season(students, groups, capacity, seed)
        figures = make_plan(problem).figures
        assert figures is not None
        first_students, cost = full_graph_cost(problem)
        assert (figures.groups - figures.groups_without_students, figures.cost) == (
            first_students,
            cost,
        )


def test_at_114_students_and_104_groups_every_group_gets_one() -> None:
    figures = make_plan(season(114, 104, 3, seed=7)).figures
    assert figures is not None
    assert figures.groups_without_students == 0
    assert figures.most_students == 2
    assert figures.same_university_pairs == 0
