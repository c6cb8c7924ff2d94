"""A student is moved by hand, within the capacity of the group."""

from dataclasses import replace

from kentongan.domain import CommandContext
from kentongan.domain.calendar import day_in
from kentongan.domain.kims import Kim
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.driver import Client, transaction
from kentongan.storage.errors import DuplicateValue, TooManyConflicts, VersionConflict
from kentongan.storage.retries import Retries
from services.placement.domain.assignments import reassign
from services.placement.domain.cohorts import Cohort, record_assignments
from services.placement.domain.enrolments import ACTIVE, Enrolment
from services.placement.domain.errors import KimFull, StudentAlreadyPlaced
from services.placement.domain.kims import ensure_can_host
from services.placement.enrolling.receipts import enrolment_receipt
from services.placement.read_models import KimDirectory
from services.placement.stores import ACTIVE_PERSON, Stores

_RETRIES = Retries()


class Reassignment:
    """Moves students by hand. The cohort's version guards the group's capacity (see Cohort)."""

    def __init__(self, client: Client, stores: Stores, kims: KimDirectory) -> None:
        self._client = client
        self._stores = stores
        self._kims = kims

    async def reassign(
        self, enrolment_id: str, kim_id: str, reason: str, command: CommandContext
    ) -> Outcome:
        """Give the student this group, which may be the present one to clear a flag.

        Raises NoActiveAssignment, CohortClosed, NotKnownYet, KimNotRegistered, KimOutsideCohort,
        KimFull, TooManyConflicts.
        """
        for attempt in range(_RETRIES.tries):
            await _RETRIES.pause(attempt)
            enrolment = await self._stores.enrolments.load(enrolment_id)
            # Asked after loading, each time: the race may be lost to this very command.
            if earlier := await self._stores.enrolments.answered(enrolment_id, command):
                return earlier
            cohort = await self._stores.cohorts.load(enrolment.state.cohort_id)
            today = day_in(cohort.state.region_code, command.now)
            kim = await self._kims.named_by_command(kim_id, "/kim_id")
            ensure_can_host(kim, cohort.state.region_code, today, "/kim_id")
            decision = reassign(enrolment.state, kim, reason, command.now, today)
            await self._ensure_room(enrolment, cohort, kim)
            try:
                async with transaction(self._client) as session:
                    moved = record_assignments(cohort.state, "enrolment.reassign")
                    await self._stores.cohorts.write_all(
                        [(cohort, moved)], replace(command, idempotency=None), session
                    )
                    return await self._stores.enrolments.write(
                        enrolment, decision, command, enrolment_receipt, session
                    )
            except VersionConflict:
                continue
            except DuplicateValue as duplicate:
                if duplicate.index != ACTIVE_PERSON.name:
                    raise
                raise StudentAlreadyPlaced(enrolments=[enrolment_id]) from duplicate
        raise TooManyConflicts(enrolment_id, _RETRIES.tries)

    async def _ensure_room(
        self, enrolment: Stored[Enrolment], cohort: Stored[Cohort], kim: Kim
    ) -> None:
        """Raises KimFull. A flagged student holds their place, and doesn't take another."""
        others = await self._stores.enrolments.count(
            {
                "_id": {"$ne": enrolment.id},
                "state.cohort_id": cohort.id,
                "state.assignment.kim_id": kim.kim_id,
                "state.status": {"$in": sorted(status.value for status in ACTIVE)},
            }
        )
        capacity = cohort.state.capacity_per_kim
        if others >= capacity:
            raise KimFull(field="/kim_id", kim=kim.name, capacity=capacity)
