"""A plan, from problem to result, in this process. `runner.py` runs it in one of its own."""

from services.placement.planning.classes import classify
from services.placement.planning.dealing import deal
from services.placement.planning.explaining import explain
from services.placement.planning.fit import Fit
from services.placement.planning.network import build_network, solve_network
from services.placement.planning.problem import PlanImpossible, PlanningProblem, PlanningResult
from services.placement.planning.settling import settle


def make_plan(problem: PlanningProblem) -> PlanningResult:
    """The plan of least cost; the same for the same input, in whatever order it comes."""
    try:
        settled = settle(problem)
        fit = Fit(problem.fit)
        left_over = settled.unsettled
        classes = classify(settled, fit)
        if classes.students and classes.groups:
            network = build_network(classes, problem.weights, fit.highest)
            left_over = deal(classes, network, solve_network(network), settled)
        return explain(problem, settled, left_over, fit)
    except PlanImpossible as impossible:
        return PlanningResult(failure=impossible.code)
