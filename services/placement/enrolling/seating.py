"""Enrolling students, one or a list: the quota's seats are taken under a unique index."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kentongan.domain import CommandContext, Decision, DomainError
from kentongan.domain.calendar import day_in
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.errors import AggregateExists, DuplicateValue, TooManyConflicts
from services.placement.domain.cohorts import Cohort, ensure_open, free_seats
from services.placement.domain.enrolments import (
    Enrolment,
    Student,
    enrol,
    ensure_withdrawn,
    readmit,
)
from services.placement.domain.errors import QuotaExceeded, UniversityWithoutQuota
from services.placement.domain.identity import Identities
from services.placement.stores import SEAT, Stores

SEAT_TRIES = 8
AT_ONCE = 16
"""Enrolments written at the same time by one import."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of a list: the positions taken, found enrolled already, and refused."""

    accepted: tuple[int, ...]
    repeated: tuple[int, ...]
    refused: Mapping[int, DomainError]


class Enrolling:
    """Enrols students into cohorts."""

    def __init__(self, stores: Stores, identities: Identities) -> None:
        self._stores = stores
        self._identities = identities

    async def enrol_one(
        self, cohort: Stored[Cohort], student: Student, command: CommandContext
    ) -> Outcome:
        """Enrol a student. Raises CohortClosed, UniversityWithoutQuota, QuotaExceeded,
        AggregateExists, TooManyConflicts.
        """
        enrolment_id = self._id(cohort.id, student)
        earlier = await self._earlier(enrolment_id, command)
        if earlier is not None:
            return earlier
        ensure_open(cohort.state, day_in(cohort.state.region_code, command.now))
        for _ in range(SEAT_TRIES):
            try:
                seats = await self._free_seats(cohort.id, student.university_id)
                return await self._create(cohort, student, seats[0], command)
            except QuotaExceeded:
                # The same command, sent twice at once, may have taken the last seat itself.
                earlier = await self._earlier(enrolment_id, command)
                if earlier is None:
                    raise
                return earlier
            except DuplicateValue as taken:
                if taken.index != SEAT.name:
                    raise
        raise TooManyConflicts(enrolment_id, SEAT_TRIES)

    async def readmit(self, enrolment: Stored[Enrolment], command: CommandContext) -> Outcome:
        """Seat a withdrawn student again. Raises ImpossibleTransition, CohortClosed,
        UniversityWithoutQuota, QuotaExceeded, TooManyConflicts.
        """
        region_code, cohort_id = enrolment.state.region_code, enrolment.state.cohort_id
        today = day_in(region_code, command.now)

        async def seated(state: Enrolment) -> Decision[Enrolment]:
            ensure_withdrawn(state)
            ensure_open((await self._stores.cohorts.load(cohort_id)).state, today)
            seats = await self._free_seats(cohort_id, state.university_id)
            return readmit(state, seats[0])

        for _ in range(SEAT_TRIES):
            try:
                return await self._stores.enrolments.change(
                    enrolment.id, seated, command, enrolment_receipt
                )
            except QuotaExceeded:
                # The same command, sent twice at once, may have taken the last seat itself.
                earlier = await self._stores.enrolments.answered(enrolment.id, command)
                if earlier is None:
                    raise
                return earlier
            except DuplicateValue as taken:
                if taken.index != SEAT.name:
                    raise
        raise TooManyConflicts(enrolment.id, SEAT_TRIES)

    async def _earlier(self, enrolment_id: str, command: CommandContext) -> Outcome | None:
        """The answer already given under the key; None where the student isn't enrolled.

        Raises AggregateExists where another command has enrolled them. Existence is asked first:
        whoever finds the enrolment then finds its key too.
        """
        store = self._stores.enrolments
        if not await store.load_many([enrolment_id]):
            return None
        if earlier := await store.answered(enrolment_id, command):
            return earlier
        raise AggregateExists(enrolment_id)

    async def enrol_many(
        self, cohort: Stored[Cohort], students: Sequence[Student], command: CommandContext
    ) -> Enrolled:
        """Enrol a list; who is enrolled already is left alone, so that a repeat is harmless.

        Raises CohortClosed. Other refusals are told by position.
        """
        ensure_open(cohort.state, day_in(cohort.state.region_code, command.now))
        ids = [self._id(cohort.id, student) for student in students]
        existing = {stored.id for stored in await self._stores.enrolments.load_many(ids)}
        repeated = {position for position, each in enumerate(ids) if each in existing}
        accepted: set[int] = set()
        refused: dict[int, DomainError] = {}
        by_university: dict[str, list[int]] = defaultdict(list)
        for position, student in enumerate(students):
            if position not in repeated:
                by_university[student.university_id].append(position)
        each_line = replace(command, idempotency=None)
        for university_id, positions in by_university.items():
            waiting = positions
            for _ in range(SEAT_TRIES):
                if not waiting:
                    break
                try:
                    seats = await self._free_seats(cohort.id, university_id)
                except (UniversityWithoutQuota, QuotaExceeded) as error:
                    refused |= dict.fromkeys(waiting, error)
                    break
                seated = list(zip(waiting, seats, strict=False))
                results = await self._create_all(cohort, students, seated, each_line)
                accepted |= {position for position, result in results.items() if result == "new"}
                repeated |= {position for position, result in results.items() if result == "old"}
                waiting = [each for each in waiting if each not in accepted | repeated]
            else:
                if waiting:
                    raise TooManyConflicts(cohort.id, SEAT_TRIES)
        return Enrolled(tuple(sorted(accepted)), tuple(sorted(repeated)), refused)

    async def _create_all(
        self,
        cohort: Stored[Cohort],
        students: Sequence[Student],
        seated: Iterable[tuple[int, int]],
        command: CommandContext,
    ) -> dict[int, str]:
        """By position: `new`, `old` (enrolled meanwhile) or `seat-taken`."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def create(position: int, seat: int) -> tuple[int, str]:
            async with gate:
                try:
                    await self._create(cohort, students[position], seat, command)
                except AggregateExists:
                    return position, "old"
                except DuplicateValue as taken:
                    if taken.index != SEAT.name:
                        raise
                    return position, "seat-taken"
                return position, "new"

        return dict(await asyncio.gather(*(create(position, seat) for position, seat in seated)))

    async def _create(
        self, cohort: Stored[Cohort], student: Student, seat: int, command: CommandContext
    ) -> Outcome:
        decision = enrol(
            cohort.id,
            cohort.state,
            student,
            enrolment_id=self._id(cohort.id, student),
            person=self._identities.person(student.university_id, student.student_number),
            seat=seat,
            now=command.now,
        )
        return await self._stores.enrolments.create(
            decision.state.enrolment_id, decision, command, enrolment_receipt
        )

    async def _free_seats(self, cohort_id: str, university_id: str) -> list[int]:
        """Asked anew for each try: the quota may have changed since the command began."""
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

    def _id(self, cohort_id: str, student: Student) -> str:
        return self._identities.enrolment_id(
            cohort_id, student.university_id, student.student_number
        )


def enrolment_receipt(stored: Stored[Enrolment]) -> dict[str, Any]:
    """What a command on an enrolment is answered with; no name, since a key keeps it."""
    state = stored.state
    return {
        "id": stored.id,
        "version": stored.version,
        "status": state.status.value,
        "kim_id": state.assignment.kim_id if state.assignment else None,
        "flag": state.flag.value if state.flag else None,
    }
