"""The seats of a university's quota in a cohort, taken under a unique index."""

from kentongan.domain import CommandContext
from kentongan.storage.aggregates.store import Outcome, Stored
from services.placement.domain.cohorts import Cohort, free_seats
from services.placement.domain.enrolments import Student, enrol
from services.placement.domain.identity import Identities
from services.placement.enrolling.receipts import enrolment_receipt
from services.placement.stores import Stores


class Seats:
    """Who sits where; see `free_seats`."""

    def __init__(self, stores: Stores, identities: Identities) -> None:
        self._stores = stores
        self._identities = identities

    async def free(self, cohort_id: str, university_id: str) -> list[int]:
        """The free seats, lowest first. Raises UniversityWithoutQuota, QuotaExceeded.

        Asked anew for each try: the quota may have changed since the command began.
        """
        cohort = await self._stores.cohorts.load(cohort_id)
        taken = await self._stores.enrolments.aggregate(
            [
                {
                    "$match": {
                        "state.cohort_id": cohort_id,
                        "state.university_id": university_id,
                        "state.seat": {"$gt": 0},
                    }
                },
                {"$project": {"_id": 0, "seat": "$state.seat"}},
            ]
        )
        return free_seats(cohort.state, university_id, frozenset(each["seat"] for each in taken))

    async def take(
        self, cohort: Stored[Cohort], student: Student, seat: int, command: CommandContext
    ) -> Outcome:
        """Enrol a student on a seat. Raises AggregateExists, and DuplicateValue where the seat is
        taken.
        """
        decision = enrol(
            cohort.id,
            cohort.state,
            student,
            enrolment_id=self.enrolment_id(cohort.id, student),
            person=self._identities.person(student.university_id, student.student_number),
            seat=seat,
            now=command.now,
        )
        return await self._stores.enrolments.create(
            decision.state.enrolment_id, decision, command, enrolment_receipt
        )

    def enrolment_id(self, cohort_id: str, student: Student) -> str:
        """The natural id of a student in a cohort."""
        return self._identities.enrolment_id(
            cohort_id, student.university_id, student.student_number
        )
