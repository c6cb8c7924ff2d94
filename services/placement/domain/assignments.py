"""What happens to a student's assignment, and the state events that tell of it."""

from datetime import date, datetime
from typing import TypeVar

from kentongan.contracts.placement import (
    AssignmentFlagged,
    AssignmentState,
    AssignmentWithdrawn,
    StudentAssigned,
)
from kentongan.domain import Decision
from kentongan.domain.kims import Kim
from services.placement.domain.enrolments import (
    ACTIVE,
    PLACEABLE,
    Assignment,
    Enrolment,
    EnrolmentStatus,
    past_stays_with_present,
)
from services.placement.domain.errors import (
    AssignmentChanged,
    BriefingMissed,
    CohortClosed,
    ImpossibleTransition,
    NoActiveAssignment,
)
from services.placement.domain.kims import Flag

EventOfAssignment = TypeVar("EventOfAssignment", bound=AssignmentState)


def assign(
    enrolment: Enrolment, kim: Kim, now: datetime, *, rule: str, plan_id: str | None = None
) -> Decision[Enrolment]:
    """Assign a briefed student, or one whose assignment changes or is cleared of its flag.

    Who stays with a group has been there since they came. That the group may have students is
    checked by the caller. Raises BriefingMissed, ImpossibleTransition.
    """
    if enrolment.status is EnrolmentStatus.ENROLLED:
        raise BriefingMissed
    if enrolment.status not in PLACEABLE:
        raise ImpossibleTransition(status=enrolment.status.value, command=rule)
    present = enrolment.assignment if enrolment.status in ACTIVE else None
    assigned_at, past_stays = now, enrolment.past_stays
    if present is not None and present.kim_id == kim.kim_id:
        assigned_at = present.assigned_at
    elif present is not None:
        past_stays = past_stays_with_present(enrolment, now)
    assignment = Assignment(
        kim_id=kim.kim_id, region_code=kim.region_code, assigned_at=assigned_at, plan_id=plan_id
    )
    state = enrolment.model_copy(
        update={
            "status": EnrolmentStatus.ASSIGNED,
            "assignment": assignment,
            "past_stays": past_stays,
            "active_person": enrolment.person,
            "flag": None,
        }
    )
    return Decision(state, rule=rule, event=_told(StudentAssigned, state, "assigned"))


def reassign(
    enrolment: Enrolment, kim: Kim, reason: str, now: datetime, today: date
) -> Decision[Enrolment]:
    """Move a student by hand, or confirm a flagged one where they are.

    Raises NoActiveAssignment, CohortClosed.
    """
    if enrolment.status not in ACTIVE:
        raise NoActiveAssignment(status=enrolment.status.value)
    if today > enrolment.period_end:
        raise CohortClosed(period_end=enrolment.period_end.isoformat())
    decision = assign(enrolment, kim, now, rule="enrolment.reassign")
    return Decision(decision.state, rule=decision.rule, event=decision.event, note=reason)


def flag(enrolment: Enrolment, kim_id: str, why: Flag) -> Decision[Enrolment]:
    """Flag an assignment whose group can no longer have the student.

    Raises AssignmentChanged where the student has meanwhile left or been moved.
    """
    assignment = enrolment.assignment
    if (
        enrolment.status is not EnrolmentStatus.ASSIGNED
        or assignment is None
        or assignment.kim_id != kim_id
    ):
        raise AssignmentChanged
    state = enrolment.model_copy(update={"status": EnrolmentStatus.FLAGGED, "flag": why})
    return Decision(
        state, rule=f"assignment.flag:{why.value}", event=_told(AssignmentFlagged, state, "flagged")
    )


def withdraw(enrolment: Enrolment, reason: str, now: datetime) -> Decision[Enrolment]:
    """The student leaves the cohort; seat and assignment are free. Raises ImpossibleTransition."""
    if enrolment.status in {EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED}:
        raise ImpossibleTransition(status=enrolment.status.value, command="enrolment.withdraw")
    was_active = enrolment.status in ACTIVE
    state = enrolment.model_copy(
        update={
            "status": EnrolmentStatus.WITHDRAWN,
            "past_stays": past_stays_with_present(enrolment, now),
            "active_person": None,
            "seat": None,
        }
    )
    event = _told(AssignmentWithdrawn, state, "withdrawn") if was_active else None
    return Decision(state, rule="enrolment.withdraw", event=event, note=reason)


def complete(enrolment: Enrolment, today: date) -> Decision[Enrolment]:
    """The period is over: the student is free for another cohort. No event: the period said so.

    Raises AssignmentChanged where nothing is left to complete.
    """
    if enrolment.status not in ACTIVE or today <= enrolment.period_end:
        raise AssignmentChanged
    state = enrolment.model_copy(
        update={"status": EnrolmentStatus.COMPLETED, "active_person": None}
    )
    return Decision(state, rule="assignment.complete")


def current_event(enrolment: Enrolment) -> AssignmentState | None:
    """What there is to tell of the assignment as it is now; None where there never was one.

    That a period is over is told by no event: what was true to its end stays so.
    """
    if enrolment.assignment is None:
        return None
    if enrolment.status not in {*ACTIVE, EnrolmentStatus.COMPLETED}:
        return _told(AssignmentWithdrawn, enrolment, "withdrawn")
    if enrolment.flag is not None:
        return _told(AssignmentFlagged, enrolment, "flagged")
    return _told(StudentAssigned, enrolment, "assigned")


def _told(event: type[EventOfAssignment], enrolment: Enrolment, status: str) -> EventOfAssignment:
    """The public state of an assignment. The flag stays with a withdrawal: it may be the cause."""
    assignment = enrolment.assignment
    if assignment is None:
        raise NoActiveAssignment(status=enrolment.status.value)
    return event(
        enrolment_id=enrolment.enrolment_id,
        cohort_id=enrolment.cohort_id,
        university_id=enrolment.university_id,
        university_name=enrolment.university_name,
        kim_id=assignment.kim_id,
        region_code=assignment.region_code,
        status=status,
        flag=enrolment.flag.value if enrolment.flag else None,
        period_start=enrolment.period_start,
        period_end=enrolment.period_end,
        assigned_at=assignment.assigned_at,
    )
