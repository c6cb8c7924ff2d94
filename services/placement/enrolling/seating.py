"""Enrolling students, one or a list: the quota's seats are taken under a unique index."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kentongan.domain import CommandContext, Decision, DomainError
from kentongan.domain.calendar import day_in
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.errors import (
    AggregateExists,
    DuplicateValue,
    StorageError,
    TooManyConflicts,
)
from services.placement.domain.cohorts import Cohort, ensure_open
from services.placement.domain.enrolments import (
    Enrolment,
    EnrolmentStatus,
    Student,
    ensure_withdrawn,
    readmit,
)
from services.placement.domain.errors import (
    QuotaExceeded,
    StudentWithdrawn,
    UniversityWithoutQuota,
)
from services.placement.domain.identity import Identities
from services.placement.enrolling.receipts import enrolment_receipt
from services.placement.enrolling.seats import Seats
from services.placement.stores import SEAT, Stores

SEAT_TRIES = 8
"""Tries in a row that lose every seat to others."""
AT_ONCE = 16
"""Enrolments written at the same time by one import."""

ACCEPTED, REPEATED = "accepted", "repeated"
Fate = str | DomainError | StorageError
"""What became of one of a list: taken, enrolled already, or why not."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of a list: the positions taken, found enrolled already, and refused."""

    accepted: tuple[int, ...]
    repeated: tuple[int, ...]
    refused: Mapping[int, DomainError | StorageError]


class Enrolling:
    """Enrols students into cohorts."""

    def __init__(self, stores: Stores, identities: Identities) -> None:
        self._stores = stores
        self._seats = Seats(stores, identities)

    async def enrol_one(
        self, cohort: Stored[Cohort], student: Student, command: CommandContext
    ) -> Outcome:
        """Enrol a student. Raises CohortClosed, UniversityWithoutQuota, QuotaExceeded,
        StudentWithdrawn, AggregateExists, TooManyConflicts.
        """
        enrolment_id = self._seats.enrolment_id(cohort.id, student)
        earlier = await self._earlier(enrolment_id, command)
        if earlier is not None:
            return earlier
        ensure_open(cohort.state, day_in(cohort.state.region_code, command.now))

        async def create() -> Outcome:
            seats = await self._seats.free(cohort.id, student.university_id)
            return await self._seats.take(cohort, student, seats[0], command)

        return await self._seat_one(
            enrolment_id, create, earlier=lambda: self._earlier(enrolment_id, command)
        )

    async def readmit(self, enrolment: Stored[Enrolment], command: CommandContext) -> Outcome:
        """Seat a withdrawn student again. Raises ImpossibleTransition, CohortClosed,
        UniversityWithoutQuota, QuotaExceeded, TooManyConflicts.
        """
        region_code, cohort_id = enrolment.state.region_code, enrolment.state.cohort_id
        today = day_in(region_code, command.now)

        async def seated(state: Enrolment) -> Decision[Enrolment]:
            ensure_withdrawn(state)
            ensure_open((await self._stores.cohorts.load(cohort_id)).state, today)
            try:
                seats = await self._seats.free(cohort_id, state.university_id)
            except (UniversityWithoutQuota, QuotaExceeded) as refusal:
                refusal.field = None  # the university stands in the enrolment, not in a payload
                raise
            return readmit(state, seats[0])

        enrolments = self._stores.enrolments
        return await self._seat_one(
            enrolment.id,
            lambda: enrolments.change(enrolment.id, seated, command, enrolment_receipt),
            earlier=lambda: enrolments.answered(enrolment.id, command),
        )

    async def _seat_one(
        self,
        enrolment_id: str,
        seat: Callable[[], Awaitable[Outcome]],
        *,
        earlier: Callable[[], Awaitable[Outcome | None]],
    ) -> Outcome:
        """Try again while others take the seat that was free. Raises TooManyConflicts."""
        for _ in range(SEAT_TRIES):
            try:
                return await seat()
            except QuotaExceeded:
                # The same command, sent twice at once, may have taken the last seat itself.
                answered = await earlier()
                if answered is None:
                    raise
                return answered
            except DuplicateValue as taken:
                if taken.index != SEAT.name:
                    raise
        raise TooManyConflicts(enrolment_id, SEAT_TRIES)

    async def _earlier(self, enrolment_id: str, command: CommandContext) -> Outcome | None:
        """The answer already given under the key; None where the student isn't enrolled.

        Raises AggregateExists where another command has enrolled them, StudentWithdrawn where
        they have left since. Existence is asked first: whoever finds the enrolment then finds its
        key too.
        """
        store = self._stores.enrolments
        found = await store.load_many([enrolment_id])
        if not found:
            return None
        if earlier := await store.answered(enrolment_id, command):
            return earlier
        if found[0].state.status is EnrolmentStatus.WITHDRAWN:
            raise StudentWithdrawn(enrolment_id=enrolment_id)
        raise AggregateExists(enrolment_id)

    async def enrol_many(
        self, cohort: Stored[Cohort], students: Sequence[Student], command: CommandContext
    ) -> Enrolled:
        """Enrol a list; who is enrolled already is left alone, so that a repeat is harmless.

        Raises CohortClosed. Other refusals are told by position: a part may have been written.
        """
        ensure_open(cohort.state, day_in(cohort.state.region_code, command.now))
        ids = [self._seats.enrolment_id(cohort.id, student) for student in students]
        existing = {
            stored.id: stored.state.status
            for stored in await self._stores.enrolments.load_many(ids)
        }
        fates: dict[int, Fate] = {}
        by_university: dict[str, list[int]] = defaultdict(list)
        for position, (enrolment_id, student) in enumerate(zip(ids, students, strict=True)):
            if enrolment_id not in existing:
                by_university[student.university_id].append(position)
            elif existing[enrolment_id] is EnrolmentStatus.WITHDRAWN:
                fates[position] = StudentWithdrawn(enrolment_id=enrolment_id)
            else:
                fates[position] = REPEATED
        each_line = replace(command, idempotency=None)
        for positions in by_university.values():
            fates |= await self._seat_all(cohort, students, positions, each_line)
        return Enrolled(
            accepted=tuple(sorted(each for each, fate in fates.items() if fate == ACCEPTED)),
            repeated=tuple(sorted(each for each, fate in fates.items() if fate == REPEATED)),
            refused={each: fate for each, fate in fates.items() if not isinstance(fate, str)},
        )

    async def _seat_all(
        self,
        cohort: Stored[Cohort],
        students: Sequence[Student],
        positions: Sequence[int],
        command: CommandContext,
    ) -> dict[int, Fate]:
        """What becomes of one university's students, by position.

        Two lists at once collide on seats, round after round; only rounds that seat nobody are
        counted as tries, and whoever is left after these is refused with TooManyConflicts.
        """
        fates: dict[int, Fate] = {}
        waiting = positions
        in_vain = 0
        while waiting and in_vain < SEAT_TRIES:
            try:
                seats = await self._seats.free(cohort.id, students[waiting[0]].university_id)
            except (UniversityWithoutQuota, QuotaExceeded) as error:
                return fates | dict.fromkeys(waiting, error)
            seated = zip(waiting, seats, strict=False)
            settled = await self._create_all(cohort, students, seated, command)
            fates |= settled
            waiting = [each for each in waiting if each not in settled]
            in_vain = 0 if settled else in_vain + 1
        return fates | dict.fromkeys(waiting, TooManyConflicts(cohort.id, SEAT_TRIES))

    async def _create_all(
        self,
        cohort: Stored[Cohort],
        students: Sequence[Student],
        seated: Iterable[tuple[int, int]],
        command: CommandContext,
    ) -> dict[int, Fate]:
        """What became of students on these seats, by position, without those who lost theirs."""
        gate = asyncio.Semaphore(AT_ONCE)
        fates: dict[int, Fate] = {}

        async def create(position: int, seat: int) -> None:
            async with gate:
                try:
                    await self._seats.take(cohort, students[position], seat, command)
                except AggregateExists:
                    fates[position] = REPEATED
                except DuplicateValue as taken:
                    if taken.index != SEAT.name:
                        raise
                else:
                    fates[position] = ACCEPTED

        await asyncio.gather(*(create(position, seat) for position, seat in seated))
        return fates
