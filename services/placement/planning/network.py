"""The min-cost flow: student -> (fit, university) -> (group, university) -> group -> sink.

Every node stands for a class (see `classes.py`). Arcs out of a group and of a (group, university)
come one per level, each dearer than the one before: that is the balance. The first level of an
empty group carries a bonus larger than everything else together, so that as many groups as can be
get a student. Any student may go to any group, hence the number left over is known beforehand and
has an arc of exactly that width: no "unplaced" penalty competes with the bonus.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from ortools.graph.python import min_cost_flow

from services.placement.planning.classes import Classes, GroupClass, Signature
from services.placement.planning.problem import PlanImpossible, Weights

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prices:
    """What levels cost, and what the first student of a group is worth."""

    weights: Weights
    bonus: int


@dataclass(slots=True)
class Arcs:
    """Arcs in the form that OR-tools takes in bulk."""

    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    capacities: list[int] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)

    def add(self, tail: int, head: int, capacity: int, cost: int) -> int:
        """Add an arc; returns its number."""
        self.tails.append(tail)
        self.heads.append(head)
        self.capacities.append(capacity)
        self.costs.append(cost)
        return len(self.tails) - 1


@dataclass(slots=True)
class Network:
    """A network with the arcs by which its flow is read back."""

    arcs: Arcs = field(default_factory=Arcs)
    supplies: dict[int, int] = field(default_factory=dict)
    nodes: int = 0
    choices: dict[tuple[int, Signature], int] = field(default_factory=dict)
    """Arc by (number of student class, fit signature)."""
    shares: dict[tuple[str, int], int] = field(default_factory=dict)
    """Arc by (university, number of group class)."""

    def node(self) -> int:
        """A new node."""
        self.nodes += 1
        return self.nodes - 1


SINK = 0


def build_network(classes: Classes, weights: Weights, highest_points: int) -> Network:
    """The network of a classified problem."""
    network = Network(nodes=SINK + 1)
    students = sum(len(alike.students) for alike in classes.students)
    room = sum(alike.room * len(alike.groups) for alike in classes.groups)
    largest = max((alike.total + alike.room for alike in classes.groups), default=0)
    step = (weights.group + weights.university) * largest + weights.fit * highest_points
    bonus = students * step + 1

    places = _add_places(network, classes)
    overflow = network.node()
    counts: Counter[str] = Counter()
    for number, alike in enumerate(classes.students):
        source, supply = network.node(), len(alike.students)
        network.supplies[source] = supply
        counts[alike.university] += supply
        for (university, signature), place in places.items():
            if university == alike.university:
                missed = highest_points - signature[alike.row]
                network.choices[number, signature] = network.arcs.add(
                    source, place, supply, weights.fit * missed
                )
        if students > room:
            network.arcs.add(source, overflow, supply, 0)
    if students > room:
        network.arcs.add(overflow, SINK, students - room, 0)
    for number, group in enumerate(classes.groups):
        entrances = [
            (name, places[name, group.signature], students) for name, students in counts.items()
        ]
        _add_group(network, number, group, entrances, Prices(weights, bonus))
    network.supplies[SINK] = -students
    return network


def _add_places(network: Network, classes: Classes) -> dict[tuple[str, Signature], int]:
    """One node per university and fit signature: classes of groups that fit alike share it."""
    signatures = sorted({group.signature for group in classes.groups})
    return {
        (university, signature): network.node()
        for university in classes.universities
        for signature in signatures
    }


def _add_group(
    network: Network,
    number: int,
    group: GroupClass,
    entrances: list[tuple[str, int, int]],
    prices: Prices,
) -> None:
    """The levels of a class of groups. `entrances`: university, where it comes from, how many."""
    width = len(group.groups)
    node = network.node()
    load = dict(group.load)
    for university, place, students in entrances:
        share = network.node()
        network.shares[university, number] = network.arcs.add(
            place, share, min(students, group.room * width), 0
        )
        for level in range(min(group.room, students)):
            present = load.get(university, 0) + level
            network.arcs.add(share, node, width, prices.weights.university * present)
    for level in range(group.room):
        present = group.total + level
        bonus = prices.bonus if present == 0 else 0
        network.arcs.add(node, SINK, width, prices.weights.group * present - bonus)


def solve_network(network: Network) -> Integers:
    """The flow on every arc. Raises PlanImpossible (solver-status-N), which would be a defect."""
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.asarray(network.arcs.tails, dtype=np.int32),
        np.asarray(network.arcs.heads, dtype=np.int32),
        np.asarray(network.arcs.capacities, dtype=np.int64),
        np.asarray(network.arcs.costs, dtype=np.int64),
    )
    nodes = np.fromiter(network.supplies.keys(), dtype=np.int32)
    solver.set_nodes_supplies(nodes, np.fromiter(network.supplies.values(), dtype=np.int64))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise PlanImpossible(f"solver-status-{int(status)}")
    flows: Integers = solver.flows(arcs)
    return flows
