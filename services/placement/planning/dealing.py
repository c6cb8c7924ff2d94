"""From the flow between classes back to each student's group."""

from collections import defaultdict

from services.placement.planning.classes import Classes, GroupClass, Signature
from services.placement.planning.network import Integers, Network
from services.placement.planning.problem import Student
from services.placement.planning.settling import Settled


def deal(classes: Classes, network: Network, flows: Integers, settled: Settled) -> list[Student]:
    """Place every student that the flow places; returns those left over, by id."""
    flow = flows.tolist()
    pools: dict[tuple[str, Signature], list[Student]] = defaultdict(list)
    left_over: list[Student] = []
    taken = [0] * len(classes.students)
    for (number, signature), arc in network.choices.items():
        alike = classes.students[number]
        begin, end = taken[number], taken[number] + flow[arc]
        pools[alike.university, signature].extend(alike.students[begin:end])
        taken[number] = end
    for alike, end in zip(classes.students, taken, strict=True):
        left_over.extend(alike.students[end:])
    for pool in pools.values():
        pool.sort(key=_by_programme, reverse=True)
    for number, group in enumerate(classes.groups):
        shares = [(name, flow[network.shares[name, number]]) for name in classes.universities]
        _deal_round(group, shares, pools, settled)
    return sorted(left_over, key=lambda student: student.id)


def _deal_round(
    group: GroupClass,
    shares: list[tuple[str, int]],
    pools: dict[tuple[str, Signature], list[Student]],
    settled: Settled,
) -> None:
    """Deal a class's students round its groups, university by university, never starting anew.

    Each group gets its share of each university to within one, and its share of the total to within
    one; sorted by programme, the students of a group differ in programme where they can.
    """
    turn = 0
    for university, students in shares:
        pool = pools[university, group.signature]
        for _ in range(students):
            settled.place(pool.pop(), group.groups[turn % len(group.groups)])
            turn += 1


def _by_programme(student: Student) -> tuple[str, str]:
    return student.programme, student.id
