"""Level-triggered steps: each finds its work by query and issues ordinary commands."""

from collections.abc import Callable
from functools import partial

import structlog

from kentongan.domain import Decision
from kentongan.domain.calendar import Calendar
from kentongan.process.own_commands import own_command
from kentongan.storage.aggregates.store import Stored
from kentongan.storage.errors import TooManyConflicts
from services.placement.domain.assignments import complete, flag
from services.placement.domain.enrolments import ACTIVE, Enrolment, EnrolmentStatus
from services.placement.domain.errors import AssignmentChanged
from services.placement.domain.kims import standing
from services.placement.enrolling.receipts import enrolment_receipt
from services.placement.read_models import KimDirectory
from services.placement.stores import Stores

FLAGGING = "reaction:flag-assignments"
COMPLETING = "reaction:complete-assignments"
AT_ONCE = 500
"""Assignments that one step completes; the next minute takes more."""

_log = structlog.get_logger(__name__)


class AssignmentReactions:
    """What placement does by itself when groups or days change."""

    def __init__(self, stores: Stores, kims: KimDirectory, calendar: Calendar) -> None:
        self._stores = stores
        self._kims = kims
        self._calendar = calendar

    async def flag_assignments(self) -> int:
        """Flag the assignments whose group is suspended, dissolved or without a valid decree.

        A group that the directory doesn't know (a rebuild under way) flags nobody.
        """
        in_use = await self._stores.enrolments.aggregate(
            [
                {"$match": {"state.status": EnrolmentStatus.ASSIGNED.value}},
                {"$group": {"_id": "$state.assignment.kim_id"}},
            ]
        )
        issued = 0
        for kim in (await self._kims.many(each["_id"] for each in in_use)).values():
            why = standing(kim, self._calendar.today(kim.region_code))
            if why is None:
                continue
            affected = await self._stores.enrolments.find(
                {
                    "state.assignment.kim_id": kim.kim_id,
                    "state.status": EnrolmentStatus.ASSIGNED.value,
                },
                limit=0,
            )
            for each in affected:
                issued += await self._issue(
                    each,
                    "assignment.flag",
                    FLAGGING,
                    partial(flag, kim_id=kim.kim_id, why=why),
                )
        return issued

    async def complete_assignments(self) -> int:
        """Complete the assignments whose period is over, so that the students are free again.

        Asked with the westernmost day: in the east it happens up to two hours after midnight.
        """
        today = self._calendar.past_everywhere()
        over = await self._stores.enrolments.find(
            {
                "state.status": {"$in": sorted(status.value for status in ACTIVE)},
                "state.period_end": {"$lt": today.isoformat()},
            },
            limit=AT_ONCE,
        )
        issued = 0
        for each in over:
            issued += await self._issue(
                each, "assignment.complete", COMPLETING, partial(complete, today=today)
            )
        return issued

    async def _issue(
        self,
        stored: Stored[Enrolment],
        name: str,
        actor: str,
        decide: Callable[[Enrolment], Decision[Enrolment]],
    ) -> int:
        """One command under a key derived from what was found; 0 where it came too late."""
        key = f"{stored.id}:{stored.version}:{name.partition('.')[2]}"
        command = own_command(name, actor, self._calendar.now(), key=key)
        try:
            await self._stores.enrolments.change(stored.id, decide, command, enrolment_receipt)
        except (AssignmentChanged, TooManyConflicts):
            _log.info("assignment.changed_meanwhile", enrolment_id=stored.id, command=name)
            return 0
        return 1
