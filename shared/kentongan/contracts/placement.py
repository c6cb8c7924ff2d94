"""The events of the placement service: where students are placed, and what they did there."""

from typing import Any

from pydantic import AwareDatetime, Field

from kentongan.contracts.event import Day, Event, Kind, Topic, event

ASSIGNMENTS = Topic(
    name="placement.assignments",
    service="placement",
    key="enrolment_id",
    kind=Kind.STATE,
    description="The assignment of a student (an enrolment in a cohort) to a group.",
)

ACTIVITIES = Topic(
    name="placement.activities",
    service="placement",
    key="activity_id",
    kind=Kind.FACT,
    description="Logbook activities that a group has verified.",
)


class AssignmentState(Event):
    """An assignment's whole public state. The enrolment's id is opaque; no student is named."""

    enrolment_id: str = Field(description="opaque id of a student in a cohort")
    cohort_id: str = Field(description="the cohort that the student is enrolled in")
    university_id: str = Field(description="short name of the university, e.g. budi-luhur")
    university_name: str = Field(description="e.g. Universitas Budi Luhur")
    kim_id: str = Field(description="the group that the student is assigned to")
    region_code: str = Field(description="Kemendagri code of the group's region")
    status: str = Field(description="assigned, flagged or withdrawn")
    flag: str | None = Field(
        default=None,
        description="why it is flagged: kim-suspended, kim-dissolved, decree-expired",
    )
    period_start: Day = Field(description="first day of the cohort's period")
    period_end: Day = Field(description="last day of the cohort's period, included")
    assigned_at: AwareDatetime = Field(description="when the student came to this group")


ASSIGNMENT: dict[str, Any] = {
    "enrolment_id": "9f3b0f2ce8a14c6f8f9a6c0b6a0e2d51",
    "cohort_id": "1d5f6b1e-58f5-5a7e-a1a7-51b0d5b5d2aa",
    "university_id": "budi-luhur",
    "university_name": "Universitas Budi Luhur",
    "kim_id": "5f0c2f4e-7a55-5bd0-9a3e-0d0c4f6a8b11",
    "region_code": "36.71.07.1013",
    "status": "assigned",
    "flag": None,
    "period_start": "2026-09-25",
    "period_end": "2026-11-25",
    "assigned_at": "2026-09-22T03:00:00Z",
}


@event(
    ASSIGNMENTS,
    trigger="A plan is confirmed, or a student is reassigned by hand.",
    readers=("broadcast",),
    example=ASSIGNMENT,
    founding=True,
)
class StudentAssigned(AssignmentState):
    """A student is assigned to a group, for the first time or anew."""


@event(
    ASSIGNMENTS,
    trigger="A reaction finds an active assignment whose group can no longer have the student.",
    readers=("broadcast",),
    example={**ASSIGNMENT, "status": "flagged", "flag": "kim-suspended"},
)
class AssignmentFlagged(AssignmentState):
    """The group can no longer have the student; the assignment waits for a new plan."""


@event(
    ASSIGNMENTS,
    trigger="A student with an assignment withdraws, or is withdrawn.",
    readers=("broadcast",),
    example={**ASSIGNMENT, "status": "withdrawn"},
)
class AssignmentWithdrawn(AssignmentState):
    """The assignment ended before its period did."""


@event(
    ACTIVITIES,
    trigger="A group verifies an entry of a student's logbook.",
    readers=("scoring",),
    example={
        "activity_id": "9f3b0f2ce8a14c6f8f9a6c0b6a0e2d51:2026-10-03T02:00:00Z",
        "enrolment_id": "9f3b0f2ce8a14c6f8f9a6c0b6a0e2d51",
        "cohort_id": "1d5f6b1e-58f5-5a7e-a1a7-51b0d5b5d2aa",
        "kim_id": "5f0c2f4e-7a55-5bd0-9a3e-0d0c4f6a8b11",
        "region_code": "36.71.07.1013",
        "date": "2026-10-03",
        "minutes": 120,
        "category": "pelatihan",
        "verified_at": "2026-10-04T01:00:00Z",
    },
)
class ActivityVerified(Event):
    """A group verified that an activity took place. Its text and link stay in placement."""

    activity_id: str = Field(description="id of the logbook entry")
    enrolment_id: str = Field(description="opaque id of a student in a cohort")
    cohort_id: str = Field(description="the cohort that the student is enrolled in")
    kim_id: str = Field(description="the group that verified it")
    region_code: str = Field(description="Kemendagri code of the group's region")
    date: Day = Field(description="the day on which the activity began")
    minutes: int = Field(description="15 to 480")
    category: str = Field(
        description="publikasi, pelatihan, pendampingan-umkm, dokumentasi, sosialisasi, lainnya"
    )
    verified_at: AwareDatetime = Field(description="when the group verified it")


EVENTS: tuple[type[Event], ...] = (
    StudentAssigned,
    AssignmentFlagged,
    AssignmentWithdrawn,
    ActivityVerified,
)
