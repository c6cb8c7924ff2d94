"""Slow but obvious: every possible plan of a small problem, and the full graph of a larger one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
from ortools.graph.python import min_cost_flow

from services.placement.planning.problem import PlanningProblem, Student


def points_of(problem: PlanningProblem, student: Student, group_id: str) -> int:
    """The best match of a programme's words and a group's potentials, straight from the table."""
    group = next(group for group in problem.groups if group.id == group_id)
    return max(
        (
            points
            for word, row in problem.fit.items()
            if word in student.programme.split()
            for potential, points in row.items()
            if potential in group.potentials
        ),
        default=0,
    )


def judge(problem: PlanningProblem, plan: Mapping[str, str]) -> tuple[int, int, int, int]:
    """Less is better: unplaced, moved, groups without students, cost."""
    highest = max((most for row in problem.fit.values() for most in row.values()), default=0)
    loads: dict[str, Counter[str]] = {group.id: Counter(group.occupied) for group in problem.groups}
    cost = moved = 0
    for student in problem.students:
        if student.id not in plan:
            continue
        chosen = plan[student.id]
        loads[chosen][student.university] += 1
        cost += problem.weights.fit * (highest - points_of(problem, student, chosen))
    known = set(loads)
    for student in problem.students:
        moved += (
            student.current in known
            and student.id not in problem.pins
            and plan.get(student.id) != student.current
        )
    for load in loads.values():
        cost += problem.weights.group * sum(range(load.total()))
        cost += problem.weights.university * sum(sum(range(count)) for count in load.values())
    empty = sum(load.total() == 0 for load in loads.values())
    return len(problem.students) - len(plan), moved, empty, cost


def possible_plans(problem: PlanningProblem) -> Iterator[dict[str, str]]:
    """Every plan within capacities and pins."""
    room = {group.id: group.capacity - sum(group.occupied.values()) for group in problem.groups}
    choices = [
        [problem.pins[student.id]] if student.id in problem.pins else [*room, None]
        for student in problem.students
    ]
    for choice in product(*choices):
        load = Counter(group for group in choice if group is not None)
        if all(load[group] <= max(0, room[group]) for group in load):
            yield {
                student.id: group
                for student, group in zip(problem.students, choice, strict=True)
                if group is not None
            }


def full_graph_cost(problem: PlanningProblem) -> tuple[int, int]:
    """(first students, cost) by the textbook graph with a node for each student and group.

    For problems without pins, present places or shortage of room.
    """
    universities = sorted({student.university for student in problem.students})
    highest = max((most for row in problem.fit.values() for most in row.values()), default=0)
    nodes = len(problem.students)
    shares = {
        (group.id, university): nodes + position
        for position, (group, university) in enumerate(product(problem.groups, universities))
    }
    nodes += len(shares)
    ends = {group.id: nodes + position for position, group in enumerate(problem.groups)}
    sink = nodes + len(ends)
    weights, bonus = problem.weights, 10**9
    arcs: list[tuple[int, int, int, int]] = []
    for source, student in enumerate(problem.students):
        for group in problem.groups:
            missed = highest - points_of(problem, student, group.id)
            arcs.append((source, shares[group.id, student.university], 1, weights.fit * missed))
    for (group_id, _), share in shares.items():
        capacity = next(group.capacity for group in problem.groups if group.id == group_id)
        arcs += [
            (share, ends[group_id], 1, weights.university * level) for level in range(capacity)
        ]
    for group in problem.groups:
        arcs += [
            (ends[group.id], sink, 1, weights.group * level - (0 if level else bonus))
            for level in range(group.capacity)
        ]
    solver = min_cost_flow.SimpleMinCostFlow()
    tails, heads, capacities, costs = (np.array(column) for column in zip(*arcs, strict=True))
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    for source in range(len(problem.students)):
        solver.set_node_supply(source, 1)
    solver.set_node_supply(sink, -len(problem.students))
    assert solver.solve() == solver.OPTIMAL
    optimum = solver.optimal_cost()
    first_students = -(optimum // bonus)
    return first_students, optimum + first_students * bonus
