"""Asking for a plan: what can't come to anything is refused at once, not by a failed plan."""

from collections.abc import Iterable

from kentongan.domain import CommandContext, NotKnownYet
from kentongan.domain.calendar import Calendar, day_in
from kentongan.storage.aggregates.store import Outcome, Stored, derived_id
from services.placement.domain.cohorts import Cohort, ensure_open
from services.placement.domain.enrolments import PLACEABLE, Enrolment, EnrolmentStatus
from services.placement.domain.errors import NobodyToPlace, NoKimAvailable, PinUnknown
from services.placement.domain.kims import ensure_can_host
from services.placement.domain.plans import Pin, Plan, ensure_confirmable_size, request_plan
from services.placement.placing.computation import PlanComputation
from services.placement.placing.gathering import Gathering, concerns
from services.placement.placing.receipts import plan_receipt
from services.placement.read_models import KimDirectory
from services.placement.stores import Stores


class Requesting:
    """Takes requests for plans."""

    def __init__(
        self,
        stores: Stores,
        kims: KimDirectory,
        calendar: Calendar,
        gathering: Gathering,
        computation: PlanComputation,
        *,
        students_limit: int,
    ) -> None:
        self._stores = stores
        self._kims = kims
        self._calendar = calendar
        self._gathering = gathering
        self._computation = computation
        self._students_limit = students_limit

    async def request(
        self,
        cohort: Stored[Cohort],
        pins: tuple[Pin, ...],
        universities: tuple[str, ...],
        command: CommandContext,
    ) -> Outcome:
        """Record the request and begin. Raises CohortClosed, NobodyToPlace, NoKimAvailable,
        PlanTooLarge, and for pins PinRepeated, PinUnknown, NotKnownYet, KimNotRegistered,
        KimOutsideCohort.
        """
        plan_id = derived_id(command.idempotency)
        if earlier := await self._stores.plans.answered(plan_id, command):
            return earlier
        ensure_open(cohort.state, day_in(cohort.state.region_code, command.now))
        decision = request_plan(
            cohort.id, cohort.state.region_code, pins, universities, command.now
        )
        enrolments = await self._gathering.enrolments_of(cohort.id)
        self._check_students(decision.state, enrolments)
        await self._check_kims(cohort.state, pins)
        outcome = await self._stores.plans.create(
            plan_id, decision, command, plan_receipt, status=202
        )
        self._computation.wake()
        return outcome

    def _check_students(self, plan: Plan, enrolments: Iterable[Stored[Enrolment]]) -> None:
        placeable = {
            each.id: each.state
            for each in enrolments
            if each.state.status in PLACEABLE and concerns(plan, each.state)
        }
        if not placeable:
            raise NobodyToPlace
        without = [
            each for each in placeable.values() if each.status is not EnrolmentStatus.ASSIGNED
        ]
        ensure_confirmable_size(len(without), self._students_limit)
        for position, pin in enumerate(plan.pins):
            if pin.enrolment_id not in placeable:
                raise PinUnknown(
                    field=f"/pins/{position}/enrolment_id", enrolment_id=pin.enrolment_id
                )

    async def _check_kims(self, cohort: Cohort, pins: tuple[Pin, ...]) -> None:
        today = self._calendar.today(cohort.region_code)
        if not await self._kims.able_to_host(cohort.region_code, today):
            raise NoKimAvailable(region_code=cohort.region_code)
        known = await self._kims.many({pin.kim_id for pin in pins})
        for position, pin in enumerate(pins):
            field = f"/pins/{position}/kim_id"
            if pin.kim_id not in known:
                raise NotKnownYet(field=field, kind="KIM", id=pin.kim_id)
            ensure_can_host(known[pin.kim_id], cohort.region_code, today, field)
