"""How an enrolment is shown: to the parties of the placement only."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from kentongan.http import Caller
from kentongan.storage.aggregates.store import Stored
from services.placement.api.scopes import sees_student_number
from services.placement.domain.enrolments import Enrolment


class AssignmentShown(BaseModel):
    """Where a student is placed."""

    kim_id: str
    region_code: str
    assigned_at: datetime
    plan_id: str | None


class EnrolmentShown(BaseModel):
    """A student in a cohort. Personal data: for the city, the campus, the group and the student."""

    id: str
    version: int
    cohort_id: str
    university_id: str
    university_name: str
    name: str
    student_number: str | None = Field(description="Tidak untuk KIM. / Not for the group.")
    study_programme: str
    status: str
    briefed_on: date | None
    assignment: AssignmentShown | None
    flag: str | None
    period_start: date
    period_end: date


class EnrolmentReceipt(BaseModel):
    """What commands on enrolments are answered with; it names nobody."""

    id: str
    version: int
    status: str
    kim_id: str | None
    flag: str | None


def show_enrolment(stored: Stored[Enrolment], caller: Caller) -> EnrolmentShown:
    """An enrolment as this caller may see it."""
    state = stored.state
    numbered = sees_student_number(caller, state)
    return EnrolmentShown(
        id=stored.id,
        version=stored.version,
        cohort_id=state.cohort_id,
        university_id=state.university_id,
        university_name=state.university_name,
        name=state.name,
        student_number=state.student_number if numbered else None,
        study_programme=state.study_programme,
        status=state.status.value,
        briefed_on=state.briefed_on,
        assignment=AssignmentShown(**state.assignment.model_dump()) if state.assignment else None,
        flag=state.flag.value if state.flag else None,
        period_start=state.period_start,
        period_end=state.period_end,
    )
