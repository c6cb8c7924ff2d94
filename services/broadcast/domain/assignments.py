"""A student's assignment as broadcast sees it: opaque ids, a group, a period."""

from datetime import date
from enum import StrEnum

from kentongan.domain.state import State


class AssignmentStatus(StrEnum):
    """The standing that placement publishes."""

    ASSIGNED = "assigned"
    FLAGGED = "flagged"
    WITHDRAWN = "withdrawn"


class Assignment(State):
    """The public facts about an assignment of which a group is given notice."""

    enrolment_id: str
    cohort_id: str
    university_id: str
    university_name: str
    kim_id: str
    region_code: str
    status: str
    period_start: date
    period_end: date
