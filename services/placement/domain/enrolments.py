"""An enrolment: a student in a cohort. It alone holds the name, the number and the assignment."""

from datetime import date, datetime
from enum import StrEnum

from kentongan.domain import Decision
from kentongan.domain.state import State
from services.placement.domain.cohorts import Cohort
from services.placement.domain.errors import BriefingNotHeld, ImpossibleTransition
from services.placement.domain.kims import Flag


class EnrolmentStatus(StrEnum):
    """enrolled, briefed, assigned or flagged, completed; withdrawn from any but completed, and
    readmitted from there.
    """

    ENROLLED = "enrolled"
    BRIEFED = "briefed"
    ASSIGNED = "assigned"
    FLAGGED = "flagged"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


ACTIVE = frozenset({EnrolmentStatus.ASSIGNED, EnrolmentStatus.FLAGGED})
"""The student has an assignment, in order or not."""

PLACEABLE = ACTIVE | {EnrolmentStatus.BRIEFED}
"""A plan may name a group for the student."""

PAST_STAYS = 20
"""A student is moved a few times in a season; of more, the latest are remembered."""


class Assignment(State):
    """Where a student is placed, since `assigned_at`. Kept after withdrawal, so that history can
    be read, until the student is readmitted.
    """

    kim_id: str
    region_code: str
    assigned_at: datetime
    plan_id: str | None = None


class Stay(State):
    """A student's time with a group that is over: from `since` to before `until`."""

    kim_id: str
    region_code: str
    since: datetime
    until: datetime


class Enrolment(State):
    """A student in a cohort. `active_person` is set while an assignment is active, and unique.

    `seat` is the quota's place that the student holds; None once withdrawn. The cohort's region,
    kind and period are copied: they never change, and every query of scope needs them here.
    `past_stays` goes by time: logbook entries come late, and belong to the group of their day.
    """

    enrolment_id: str
    cohort_id: str
    region_code: str
    period_start: date
    period_end: date
    university_id: str
    university_name: str
    person: str
    active_person: str | None = None
    name: str
    student_number: str
    study_programme: str
    seat: int | None
    status: EnrolmentStatus
    enrolled_at: datetime
    briefed_on: date | None = None
    assignment: Assignment | None = None
    past_stays: tuple[Stay, ...] = ()
    flag: Flag | None = None


class Student(State):
    """Who enrols: what a form or a line of a file says, checked."""

    university_id: str
    university_name: str
    student_number: str
    name: str
    study_programme: str


def enrol(
    cohort_id: str,
    cohort: Cohort,
    student: Student,
    *,
    enrolment_id: str,
    person: str,
    seat: int,
    now: datetime,
) -> Decision[Enrolment]:
    """A student enrols, on a free seat of the university's quota."""
    state = Enrolment(
        enrolment_id=enrolment_id,
        cohort_id=cohort_id,
        region_code=cohort.region_code,
        period_start=cohort.period_start,
        period_end=cohort.period_end,
        university_id=student.university_id,
        university_name=student.university_name,
        person=person,
        name=student.name,
        student_number=student.student_number,
        study_programme=student.study_programme,
        seat=seat,
        status=EnrolmentStatus.ENROLLED,
        enrolled_at=now,
    )
    return Decision(state, rule="enrolment.enrol")


def current_kim(enrolment: Enrolment) -> str | None:
    """The group that the student has, or had last."""
    return enrolment.assignment.kim_id if enrolment.assignment else None


def stay_at(enrolment: Enrolment, moment: datetime) -> Stay | Assignment | None:
    """Where the student was at a moment: with the group that they had then, or got next.

    Students begin before the office has written their assignment down.
    """
    for stay in enrolment.past_stays:
        if moment < stay.until:
            return stay
    return enrolment.assignment


def past_stays_with_present(enrolment: Enrolment, now: datetime) -> tuple[Stay, ...]:
    """The past stays, once the present assignment ends too."""
    assignment = enrolment.assignment
    if assignment is None:
        return enrolment.past_stays
    ended = Stay(
        kim_id=assignment.kim_id,
        region_code=assignment.region_code,
        since=assignment.assigned_at,
        until=now,
    )
    return (*enrolment.past_stays, ended)[-PAST_STAYS:]


def ensure_briefing_held(cohort: Cohort, today: date) -> None:
    """Raises BriefingNotHeld for a briefing that lies ahead of the city's date."""
    if today < cohort.briefing_date:
        raise BriefingNotHeld(briefing_date=cohort.briefing_date.isoformat())


def ensure_withdrawn(enrolment: Enrolment) -> None:
    """Only who has left can come back. Raises ImpossibleTransition."""
    if enrolment.status is not EnrolmentStatus.WITHDRAWN:
        raise ImpossibleTransition(status=enrolment.status.value, command="enrolment.readmit")


def readmit(enrolment: Enrolment, seat: int) -> Decision[Enrolment]:
    """A student who had withdrawn takes part again, on a free seat, and without a group so far.

    The briefing that was attended still counts. For whom `ensure_withdrawn` has let through.
    """
    status = EnrolmentStatus.BRIEFED if enrolment.briefed_on else EnrolmentStatus.ENROLLED
    state = enrolment.model_copy(
        update={"status": status, "seat": seat, "assignment": None, "flag": None}
    )
    return Decision(state, rule="enrolment.readmit")


def attend_briefing(enrolment: Enrolment, on: date) -> Decision[Enrolment]:
    """A student attended the cohort's briefing. Raises ImpossibleTransition."""
    if enrolment.status is not EnrolmentStatus.ENROLLED:
        raise ImpossibleTransition(status=enrolment.status.value, command="cohort.brief")
    return Decision(
        enrolment.model_copy(update={"status": EnrolmentStatus.BRIEFED, "briefed_on": on}),
        rule="cohort.brief",
    )
