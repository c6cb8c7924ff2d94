"""How placement tells again what its topics held: see `kentongan republish`."""

from collections.abc import Sequence
from typing import Any

from kentongan.contracts.placement import ACTIVITIES, ASSIGNMENTS
from kentongan.messaging.republishing import Retelling, Telling, Told
from kentongan.storage.aggregates.document import DecisionEntry
from services.placement.domain.activities import Activity, ActivityStatus, verified_event
from services.placement.domain.assignments import current_event
from services.placement.domain.enrolments import Enrolment
from services.placement.stores import Stores


def retellings(stores: Stores) -> tuple[Retelling[Any], ...]:
    """Assignments as they are, and each verification under the id that it had."""
    return (
        Retelling(stores.enrolments, Enrolment, (ASSIGNMENTS,), _assignment),
        Retelling(stores.activities, Activity, (ACTIVITIES,), _activity),
    )


async def _assignment(enrolment: Enrolment, _: Sequence[DecisionEntry]) -> Telling:
    event = current_event(enrolment)
    return Telling([Told(event)] if event is not None else [])


async def _activity(activity: Activity, decisions: Sequence[DecisionEntry]) -> Telling:
    if activity.status is not ActivityStatus.VERIFIED:
        return Telling()
    verified = [one for one in decisions if one.rule == "activity.verify"]
    if not verified:
        return Telling(untold=1)
    return Telling([Told(verified_event(activity, verified[-1].at), verified[-1])])
