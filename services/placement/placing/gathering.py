"""All that a plan depends on, read from the service's own collections and directory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kentongan.domain.calendar import Calendar
from kentongan.domain.kims import Kim
from kentongan.storage.aggregates.store import Stored
from services.placement.domain.cohorts import Cohort
from services.placement.domain.enrolments import (
    ACTIVE,
    PLACEABLE,
    Enrolment,
    EnrolmentStatus,
    current_kim,
)
from services.placement.domain.kims import standing
from services.placement.domain.plans import Plan, Unplaced
from services.placement.domain.reasons import Reason, ReasonCode
from services.placement.planning.problem import (
    FitTable,
    Group,
    PlanImpossible,
    PlanningProblem,
    Student,
    Weights,
)
from services.placement.read_models import KimDirectory
from services.placement.stores import Stores


@dataclass(frozen=True, slots=True)
class PlanningRules:
    """The city's own choices, from the settings."""

    fit: FitTable
    weights: Weights


@dataclass(frozen=True, slots=True)
class Gathered:
    """A problem for the solver, its groups by id, and who can't be placed at all."""

    problem: PlanningProblem
    kims: Mapping[str, Kim]
    cohort: Cohort
    unplaceable: tuple[Unplaced, ...]


class Gathering:
    """Turns a requested plan into a problem."""

    def __init__(
        self, stores: Stores, kims: KimDirectory, calendar: Calendar, rules: PlanningRules
    ) -> None:
        self._stores = stores
        self._kims = kims
        self._calendar = calendar
        self._rules = rules

    async def gather(self, plan: Plan) -> Gathered:
        """The problem as things stand now. Raises PlanImpossible: no-kim-available."""
        today = self._calendar.today(plan.region_code)
        cohort = (await self._stores.cohorts.load(plan.cohort_id)).state
        kims = {kim.kim_id: kim for kim in await self._kims.able_to_host(plan.region_code, today)}
        if not kims:
            raise PlanImpossible("no-kim-available")
        enrolments = await self.enrolments_of(plan.cohort_id)
        within = [each for each in enrolments if concerns(plan, each.state)]
        elsewhere = await self._active_elsewhere(plan.cohort_id, within)
        occupied: dict[str, Counter[str]] = defaultdict(Counter)
        for each in enrolments:
            if each.state.status in ACTIVE and not concerns(plan, each.state):
                occupied[current_kim(each.state) or ""][each.state.university_id] += 1
        lost = await self._kims.many(
            {kim_id for each in within if (kim_id := _active_kim(each.state))} - kims.keys()
        )
        flags = {
            kim_id: flag.value if (flag := standing(kim, today)) else "outside-region"
            for kim_id, kim in lost.items()
        }
        return Gathered(
            problem=PlanningProblem(
                students=tuple(
                    _student(each, flags)
                    for each in within
                    if each.state.status in PLACEABLE and each.id not in elsewhere
                ),
                groups=tuple(
                    Group(
                        kim.kim_id, kim.potentials, cohort.capacity_per_kim, dict(occupied[kim_id])
                    )
                    for kim_id, kim in kims.items()
                ),
                pins={pin.enrolment_id: pin.kim_id for pin in plan.pins},
                fit=self._rules.fit,
                weights=self._rules.weights,
            ),
            kims=kims,
            cohort=cohort,
            unplaceable=_unplaceable(within, elsewhere),
        )

    async def enrolments_of(self, cohort_id: str) -> list[Stored[Enrolment]]:
        """A cohort's students, by id, without those that withdrew or are done."""
        gone = [EnrolmentStatus.WITHDRAWN.value, EnrolmentStatus.COMPLETED.value]
        return await self._stores.enrolments.find(
            {"state.cohort_id": cohort_id, "state.status": {"$nin": gone}}, limit=0
        )

    async def _active_elsewhere(
        self, cohort_id: str, enrolments: Iterable[Stored[Enrolment]]
    ) -> frozenset[str]:
        """The enrolments whose person has an active assignment in another cohort."""
        waiting = {
            each.state.person: each.id
            for each in enrolments
            if each.state.status is EnrolmentStatus.BRIEFED
        }
        query: dict[str, Any] = {
            "state.active_person": {"$in": list(waiting), "$gt": ""},
            "state.cohort_id": {"$ne": cohort_id},
        }
        active = await self._stores.enrolments.find(query, limit=0) if waiting else []
        return frozenset(waiting[each.state.person] for each in active)


def concerns(plan: Plan, enrolment: Enrolment) -> bool:
    """Whether a plan is about this student: all of a cohort, or those of some universities."""
    return not plan.universities or enrolment.university_id in plan.universities


def _active_kim(enrolment: Enrolment) -> str | None:
    return current_kim(enrolment) if enrolment.status in ACTIVE else None


def _student(stored: Stored[Enrolment], flags: Mapping[str, str]) -> Student:
    """The flag is today's reason why the group is lost; a cleared one is the flag that it had."""
    state = stored.state
    current = _active_kim(state)
    flag = flags.get(current or "") or (state.flag.value if state.flag else None)
    return Student(stored.id, state.university_id, state.study_programme, current, flag)


def _unplaceable(
    enrolments: Iterable[Stored[Enrolment]], elsewhere: frozenset[str]
) -> tuple[Unplaced, ...]:
    unplaced: list[Unplaced] = []
    for each in enrolments:
        if each.state.status is EnrolmentStatus.ENROLLED:
            code = ReasonCode.NOT_BRIEFED
        elif each.id in elsewhere:
            code = ReasonCode.ACTIVE_ELSEWHERE
        else:
            continue
        unplaced.append(Unplaced(enrolment_id=each.id, reasons=(Reason(code=code),)))
    return tuple(unplaced)
