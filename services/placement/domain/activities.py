"""A logbook entry: a fact about a student's day, that the group verifies or rejects."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from kentongan.contracts.placement import ActivityVerified
from kentongan.domain import Decision
from kentongan.domain.calendar import day_in
from kentongan.domain.state import State
from services.placement.domain.enrolments import ACTIVE, Enrolment, stay_at
from services.placement.domain.errors import (
    ActivityNotOver,
    ActivityOutsidePeriod,
    ImpossibleTransition,
    NoActiveAssignment,
)

SHORTEST_MINUTES = 15
LONGEST_MINUTES = 480


class ActivityCategory(StrEnum):
    """What KIM and students do together (domain facts)."""

    PUBLIKASI = "publikasi"
    PELATIHAN = "pelatihan"
    PENDAMPINGAN_UMKM = "pendampingan-umkm"
    DOKUMENTASI = "dokumentasi"
    SOSIALISASI = "sosialisasi"
    LAINNYA = "lainnya"


class ActivityStatus(StrEnum):
    """Judged once: a verified or rejected activity stays so."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"


class Comment(State):
    """What a supervisor (DPL) says about an activity."""

    text: str
    at: datetime


class Entry(State):
    """What the student writes down."""

    started_at: datetime
    minutes: int
    category: ActivityCategory
    text: str
    link: str | None = None


class Activity(State):
    """An activity with the group that it was done with, whichever the student has by now."""

    activity_id: str
    enrolment_id: str
    cohort_id: str
    university_id: str
    cohort_region_code: str
    kim_id: str
    region_code: str
    day: date
    entry: Entry
    status: ActivityStatus = ActivityStatus.PENDING
    rejection: str | None = None
    comments: tuple[Comment, ...] = ()


def activity_id(enrolment_id: str, started_at: datetime) -> str:
    """The natural id, to the minute: a student starts one at a time, and a retry is the same."""
    return f"{enrolment_id}:{started_at:%Y-%m-%dT%H:%M:00Z}"


def log_activity(enrolment: Enrolment, entry: Entry, now: datetime) -> Decision[Activity]:
    """Write an activity down. `started_at` is UTC; its day is the one in the cohort's region.

    It goes to the group that the student had when it began: no other could judge it.
    Raises NoActiveAssignment, ActivityOutsidePeriod, ActivityNotOver.
    """
    started_at = entry.started_at.replace(second=0, microsecond=0)
    stay = stay_at(enrolment, started_at)
    if enrolment.status not in ACTIVE or stay is None:
        raise NoActiveAssignment(status=enrolment.status.value)
    day = day_in(enrolment.region_code, started_at)
    if not enrolment.period_start <= day <= enrolment.period_end:
        raise ActivityOutsidePeriod(
            field="/started_at",
            period_start=enrolment.period_start.isoformat(),
            period_end=enrolment.period_end.isoformat(),
        )
    if started_at + timedelta(minutes=entry.minutes) > now:
        raise ActivityNotOver(field="/minutes")
    state = Activity(
        activity_id=activity_id(enrolment.enrolment_id, started_at),
        enrolment_id=enrolment.enrolment_id,
        cohort_id=enrolment.cohort_id,
        university_id=enrolment.university_id,
        cohort_region_code=enrolment.region_code,
        kim_id=stay.kim_id,
        region_code=stay.region_code,
        day=day,
        entry=entry.model_copy(update={"started_at": started_at}),
    )
    return Decision(state, rule="activity.log")


def verify_activity(activity: Activity, now: datetime) -> Decision[Activity]:
    """The group confirms that it took place. Raises ImpossibleTransition."""
    _ensure_pending(activity, "activity.verify")
    state = activity.model_copy(update={"status": ActivityStatus.VERIFIED})
    return Decision(state, rule="activity.verify", event=verified_event(state, now))


def verified_event(activity: Activity, verified_at: datetime) -> ActivityVerified:
    """The fact that a verification records."""
    return ActivityVerified(
        activity_id=activity.activity_id,
        enrolment_id=activity.enrolment_id,
        cohort_id=activity.cohort_id,
        kim_id=activity.kim_id,
        region_code=activity.region_code,
        date=activity.day,
        minutes=activity.entry.minutes,
        category=activity.entry.category.value,
        verified_at=verified_at,
    )


def reject_activity(activity: Activity, reason: str) -> Decision[Activity]:
    """The group denies it. Raises ImpossibleTransition."""
    _ensure_pending(activity, "activity.reject")
    state = activity.model_copy(update={"status": ActivityStatus.REJECTED, "rejection": reason})
    return Decision(state, rule="activity.reject", note=reason)


def comment_on_activity(activity: Activity, text: str, now: datetime) -> Decision[Activity]:
    """The supervisor comments, whatever the group said."""
    comments = (*activity.comments, Comment(text=text, at=now))
    return Decision(activity.model_copy(update={"comments": comments}), rule="activity.comment")


def _ensure_pending(activity: Activity, command: str) -> None:
    if activity.status is not ActivityStatus.PENDING:
        raise ImpossibleTransition(status=activity.status.value, command=command)
