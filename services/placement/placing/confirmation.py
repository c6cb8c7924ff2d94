"""A plan is confirmed as a whole: one transaction over the plan, its cohort and its enrolments."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kentongan.domain import CommandContext, DomainError
from kentongan.domain.calendar import Calendar, day_in
from kentongan.domain.kims import Kim
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.driver import Client, transaction
from kentongan.storage.errors import DuplicateValue, TooManyConflicts, VersionConflict
from kentongan.storage.retries import Retries
from services.placement.domain.assignments import assign
from services.placement.domain.cohorts import Cohort, ensure_open, record_assignments
from services.placement.domain.enrolments import ACTIVE, Enrolment
from services.placement.domain.errors import PlanStale, StudentAlreadyPlaced
from services.placement.domain.kims import standing
from services.placement.domain.plans import (
    Plan,
    PlanLine,
    confirm,
    ensure_confirmable_size,
    lines_to_apply,
)
from services.placement.placing.receipts import plan_receipt
from services.placement.read_models import KimDirectory
from services.placement.stores import ACTIVE_PERSON, Stores

_RETRIES = Retries()
FULL = "full"
"""Why a group can't have the plan's students, beside the flags of `domain/kims.py`."""


class Confirmation:
    """Confirms plans. What changed since a plan was made refuses it; nothing is done in part."""

    def __init__(
        self,
        client: Client,
        stores: Stores,
        kims: KimDirectory,
        calendar: Calendar,
        *,
        students_limit: int,
    ) -> None:
        self._client = client
        self._stores = stores
        self._kims = kims
        self._calendar = calendar
        self._students_limit = students_limit

    async def confirm(self, plan_id: str, command: CommandContext) -> Outcome:
        """Assign every student of the plan. Raises ImpossibleTransition, CohortClosed, PlanStale,
        PlanOutdated, PlanTooLarge, StudentAlreadyPlaced, TooManyConflicts.
        """
        if earlier := await self._stores.plans.answered(plan_id, command):
            return earlier
        for attempt in range(_RETRIES.tries):
            await _RETRIES.pause(attempt)
            try:
                return await self._confirm_once(plan_id, command)
            except VersionConflict:
                continue
            except DomainError:
                # What stands in the way may be this very command's work, sent twice at once.
                if earlier := await self._stores.plans.answered(plan_id, command):
                    return earlier
                raise
        if earlier := await self._stores.plans.answered(plan_id, command):
            return earlier
        raise TooManyConflicts(plan_id, _RETRIES.tries)

    async def _confirm_once(self, plan_id: str, command: CommandContext) -> Outcome:
        plan = await self._stores.plans.load(plan_id)
        cohort = await self._stores.cohorts.load(plan.state.cohort_id)
        ensure_open(cohort.state, day_in(cohort.state.region_code, command.now))
        decision = confirm(plan.state)
        proposed = plan.state.proposal.lines if plan.state.proposal else ()
        kims = await self._able(plan.state.region_code, proposed)
        enrolments = {
            stored.id: stored
            for stored in await self._stores.enrolments.load_many(
                line.enrolment_id for line in proposed
            )
        }
        states = {enrolment_id: stored.state for enrolment_id, stored in enrolments.items()}
        lines = lines_to_apply(plan.state, states)
        ensure_confirmable_size(len(lines), self._students_limit)
        await self._ensure_room(cohort, proposed)
        decided = [
            (
                enrolments[line.enrolment_id],
                assign(
                    states[line.enrolment_id],
                    kims[line.kim_id],
                    command.now,
                    rule="plan.confirm",
                    plan_id=plan.id,
                ),
            )
            for line in lines
        ]
        keyless = replace(command, idempotency=None)
        try:
            async with transaction(self._client) as session:
                outcome = await self._stores.plans.write(
                    plan, decision, command, plan_receipt, session
                )
                assigned = record_assignments(cohort.state, "plan.confirm")
                await self._stores.cohorts.write_all([(cohort, assigned)], keyless, session)
                await self._stores.enrolments.write_all(decided, keyless, session)
        except DuplicateValue as duplicate:
            if duplicate.index != ACTIVE_PERSON.name:
                raise
            moved = [stored.state for stored, _ in decided]
            raise await self._already_placed(plan, moved) from duplicate
        return outcome

    async def _able(self, region_code: str, lines: Iterable[PlanLine]) -> dict[str, Kim]:
        """The groups of the plan. Raises PlanStale, naming those that can't have students now."""
        today = self._calendar.today(region_code)
        names = {line.kim_id: line.kim_name for line in lines}
        kims = await self._kims.many(names)
        stale = []
        for kim_id, name in sorted(names.items(), key=lambda item: item[1]):
            kim = kims.get(kim_id)
            flag = standing(kim, today) if kim is not None else None
            if kim is None or flag is not None:
                reason = flag.value if flag else "not-known-yet"
                stale.append({"id": kim_id, "name": name, "flag": reason})
        if stale:
            raise PlanStale(kims=stale, names=[each["name"] for each in stale])
        return kims

    async def _ensure_room(self, cohort: Stored[Cohort], lines: Sequence[PlanLine]) -> None:
        """Raises PlanStale, naming the groups that others have filled since the plan was made.

        The cohort was loaded before this count, and its version guards the confirmation: nobody
        is assigned in between. A group to which nobody new comes is left as it is.
        """
        students = Counter(line.kim_id for line in lines)
        students.update(await self._others(cohort.id, lines))
        newly = {
            line.kim_id: line.kim_name for line in lines if line.kim_id != line.previous_kim_id
        }
        full = [
            {"id": kim_id, "name": name, "flag": FULL}
            for kim_id, name in sorted(newly.items(), key=lambda item: item[1])
            if students[kim_id] > cohort.state.capacity_per_kim
        ]
        if full:
            raise PlanStale(kims=full, names=[each["name"] for each in full])

    async def _others(self, cohort_id: str, lines: Iterable[PlanLine]) -> dict[str, int]:
        """Students with a place whom the plan doesn't place, by group."""
        active = {
            "_id": {"$nin": [line.enrolment_id for line in lines]},
            "state.cohort_id": cohort_id,
            "state.status": {"$in": sorted(status.value for status in ACTIVE)},
        }
        counted = await self._stores.enrolments.aggregate(
            [
                {"$match": active},
                {"$group": {"_id": "$state.assignment.kim_id", "students": {"$sum": 1}}},
            ]
        )
        return {each["_id"]: each["students"] for each in counted}

    async def _already_placed(
        self, plan: Stored[Plan], enrolments: Iterable[Enrolment]
    ) -> StudentAlreadyPlaced:
        persons = {each.person: each.enrolment_id for each in enrolments}
        active = await self._stores.enrolments.find(
            {
                "state.active_person": {"$in": list(persons), "$gt": ""},
                "state.cohort_id": {"$ne": plan.state.cohort_id},
            },
            limit=0,
        )
        return StudentAlreadyPlaced(
            enrolments=sorted(persons[each.state.person] for each in active)
        )
