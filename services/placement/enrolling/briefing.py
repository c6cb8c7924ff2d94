"""Attendance of a cohort's briefing, for a list of students at once; a repeat is harmless."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kentongan.domain import CommandContext
from kentongan.domain.calendar import day_in
from kentongan.storage.aggregates.store import Stored
from services.placement.domain.cohorts import Cohort
from services.placement.domain.enrolments import (
    EnrolmentStatus,
    attend_briefing,
    ensure_briefing_held,
)
from services.placement.domain.errors import ImpossibleTransition
from services.placement.enrolling.receipts import enrolment_receipt
from services.placement.stores import Stores

AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many attended now or before, and who couldn't: not of this cohort, or withdrawn."""

    attended: int
    repeated: int
    unknown: tuple[str, ...]
    withdrawn: tuple[str, ...]


class Briefing:
    """Notes who attended."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def attend(
        self, cohort: Stored[Cohort], enrolment_ids: Sequence[str], command: CommandContext
    ) -> Attendance:
        """Note the attendance, student by student. Raises BriefingNotHeld."""
        ensure_briefing_held(cohort.state, day_in(cohort.state.region_code, command.now))
        wanted = sorted(set(enrolment_ids))
        found = {
            stored.id: stored.state
            for stored in await self._stores.enrolments.load_many(wanted)
            if stored.state.cohort_id == cohort.id
        }
        waiting = [
            enrolment_id
            for enrolment_id, state in found.items()
            if state.status is EnrolmentStatus.ENROLLED
        ]
        withdrawn = [
            enrolment_id
            for enrolment_id, state in found.items()
            if state.status is EnrolmentStatus.WITHDRAWN
        ]
        gate = asyncio.Semaphore(AT_ONCE)
        each_student = replace(command, idempotency=None)

        async def attend_one(enrolment_id: str) -> bool:
            async with gate:
                try:
                    await self._stores.enrolments.change(
                        enrolment_id,
                        lambda state: attend_briefing(state, cohort.state.briefing_date),
                        each_student,
                        enrolment_receipt,
                    )
                except ImpossibleTransition:  # somebody else was faster
                    return False
                return True

        attended = sum(await asyncio.gather(*map(attend_one, waiting)))
        return Attendance(
            attended=attended,
            repeated=len(found) - len(withdrawn) - attended,
            unknown=tuple(each for each in wanted if each not in found),
            withdrawn=tuple(withdrawn),
        )
