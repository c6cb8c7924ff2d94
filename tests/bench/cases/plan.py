"""A plan: 114 students for 104 groups, 10,000 for 1,000, 100,000 for 83,000.

Kit: `run_planner`: the problem as JSON to a process of its own, which starts, imports OR-tools,
sorts students and groups into classes, solves, deals, gives each student reasons, and answers in
JSON. Bare: the OR-tools solve alone on the very arcs that the kit builds, which are at hand in
numpy arrays: no process, no reading, no reasons. The classes leave so little to solve that no plan
can come near, hence no aim: the note says where the kit's time goes, in milliseconds, measured in
this process. Further rows put the kit beside the solve of the graph without classes of groups, as
far as that is possible: at 83,000 groups it has twelve million arcs.
"""

import itertools
import random
import resource
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from services.placement.planning.classes import classify
from services.placement.planning.dealing import deal
from services.placement.planning.explaining import explain
from services.placement.planning.fit import Fit, points
from services.placement.planning.network import Network, build_network, solve_network
from services.placement.planning.problem import PROBLEM, RESULT, Group, PlanningProblem, Student
from services.placement.planning.runner import run_planner
from services.placement.planning.settling import settle
from services.placement.settings import FIT_TABLE
from tests.bench.data import SEED, identity
from tests.bench.measuring import Comparison, Contender, Run, alternate
from tests.bench.workbench import Workbench

SIZES = ((114, 104, 3), (10_000, 1_000, 15), (100_000, 83_000, 3))
UNIVERSITIES = 7
LARGEST_PLAIN = 1_000
TIME_LIMIT_SECONDS = 120.0


async def run(workbench: Workbench) -> Sequence[Comparison]:
    sizes = SIZES[:2] if workbench.quick else SIZES
    comparisons = []
    for size in sizes:
        comparisons.extend(await _compared(workbench, make_problem(*size)))
    return comparisons


async def _compared(workbench: Workbench, problem: PlanningProblem) -> list[Comparison]:
    label = f"plan {len(problem.students):,} x {len(problem.groups):,}"
    planned, solved = _planned(problem), _solved(class_network(problem), problem)
    if len(problem.groups) > LARGEST_PLAIN:
        kit, bare = await alternate(workbench.pairs, planned, solved)
        return [Comparison(label, kit, bare, note=where_time_goes(problem), whole=True)]
    plain = _solved(plain_network(problem), problem)
    kit, bare, plainly = await alternate(workbench.pairs, planned, solved, plain)
    note = "against a solve with a node for each group"
    return [
        Comparison(label, kit, bare, note=where_time_goes(problem), whole=True),
        Comparison(label, kit, plainly, note=note, whole=True),
    ]


def make_problem(students: int, groups: int, capacity: int) -> PlanningProblem:
    """Students of seven universities in all programmes, groups with one to three potentials."""
    generator = random.Random(SEED)
    programmes = sorted(FIT_TABLE)
    potentials = sorted({potential for row in FIT_TABLE.values() for potential in row})
    return PlanningProblem(
        students=tuple(
            Student(
                identity(number),
                f"university-{number % UNIVERSITIES}",
                f"S1 {generator.choice(programmes)}",
            )
            for number in range(students)
        ),
        groups=tuple(
            Group(
                identity(10**9 + number),
                tuple(generator.sample(potentials, generator.randint(1, 3))),
                capacity,
            )
            for number in range(groups)
        ),
        fit=FIT_TABLE,
    )


def class_network(problem: PlanningProblem) -> Network:
    """The network as the kit builds it."""
    fit = Fit(problem.fit)
    return build_network(classify(settle(problem), fit), problem.weights, fit.highest)


def plain_network(problem: PlanningProblem) -> Network:
    """The same problem with a node for each group: an arc from each kind of student to each."""
    fit, weights = Fit(problem.fit), problem.weights
    network = Network()
    sink = network.node()
    kinds = Counter((student.university, student.programme) for student in problem.students)
    sources = {kind: network.node() for kind in kinds}
    largest = max(group.capacity for group in problem.groups)
    step = (weights.group + weights.university) * largest + weights.fit * fit.highest
    bonus = len(problem.students) * step + 1
    for group in problem.groups:
        node = network.node()
        shares = {university: network.node() for university, _ in kinds}
        for (university, programme), source in sources.items():
            missed = fit.highest - points(fit.row(programme), group.potentials)
            capacity = min(group.capacity, kinds[university, programme])
            network.arcs.add(source, shares[university], capacity, weights.fit * missed)
        for level in range(group.capacity):
            for share in shares.values():
                network.arcs.add(share, node, 1, weights.university * level)
            network.arcs.add(node, sink, 1, weights.group * level - (0 if level else bonus))
    network.supplies = {sources[kind]: amount for kind, amount in kinds.items()}
    network.supplies[sink] = -len(problem.students)
    return network


def where_time_goes(problem: PlanningProblem) -> str:
    """What one plan consists of, in milliseconds, without starting the process."""
    fit = Fit(problem.fit)
    moments = [time.perf_counter()]

    def passed(result: Any) -> Any:
        moments.append(time.perf_counter())
        return result

    passed(PROBLEM.validate_json(PROBLEM.dump_json(problem)))
    settled = passed(settle(problem))
    classes = passed(classify(settled, fit))
    network = passed(build_network(classes, problem.weights, fit.highest))
    flows = passed(solve_network(network))
    left_over = passed(deal(classes, network, flows, settled))
    result = passed(explain(problem, settled, left_over, fit))
    passed(RESULT.validate_json(RESULT.dump_json(result)))
    names = ("read", "settle", "classify", "build", "solve", "deal", "explain", "answer")
    spent = (after - before for before, after in itertools.pairwise(moments))
    return ", ".join(f"{name} {one * 1000:.0f}" for name, one in zip(names, spent, strict=True))


def _planned(problem: PlanningProblem) -> Contender:
    async def run() -> Run:
        began, cpu = time.perf_counter(), _cpu()
        result = await run_planner(problem, time_limit=TIME_LIMIT_SECONDS)
        seconds = time.perf_counter() - began
        if result.failure or len(result.placed) != len(problem.students):
            raise AssertionError(f"no plan: {result.failure}")
        return Run(len(problem.students), seconds, _cpu() - cpu)

    return run


def _solved(network: Network, problem: PlanningProblem) -> Contender:
    arcs, supplies = network.arcs, network.supplies
    tails, heads = np.asarray(arcs.tails, np.int32), np.asarray(arcs.heads, np.int32)
    capacities, costs = np.asarray(arcs.capacities, np.int64), np.asarray(arcs.costs, np.int64)
    nodes = np.fromiter(supplies.keys(), np.int32)
    amounts = np.fromiter(supplies.values(), np.int64)

    async def run() -> Run:
        began, cpu = time.perf_counter(), _cpu()
        solver = min_cost_flow.SimpleMinCostFlow()
        added = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
        solver.set_nodes_supplies(nodes, amounts)
        if solver.solve() != solver.OPTIMAL:
            raise AssertionError("no solution")
        solver.flows(added)
        return Run(len(problem.students), time.perf_counter() - began, _cpu() - cpu)

    return run


def _cpu() -> float:
    """Of this process and of its children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
