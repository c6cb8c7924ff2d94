"""Whose personal data a caller may see: diskominfo its region's, a campus its own, and so on.

Queries carry the scope themselves, so that what lies outside is not found rather than hidden.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from kentongan.domain.regions import region_pattern
from kentongan.http import Caller, Refusal, Role, WrongRole
from services.placement.domain.enrolments import ACTIVE, Enrolment

S = TypeVar("S", bound=BaseModel)
Query = dict[str, Any]
NOTHING: Query = {"_id": {"$in": []}}


def cohorts_in_scope(caller: Caller) -> Query:
    """Diskominfo sees its region's cohorts, a university those that it takes part in."""
    alternatives: list[Query] = []
    if caller.has(Role.DISKOMINFO):
        alternatives.append({"state.region_code": {"$regex": region_pattern(caller.region)}})
    if caller.has(Role.CAMPUS, Role.SUPERVISOR, Role.STUDENT) and caller.university_id:
        alternatives.append({"state.quotas.university_id": caller.university_id})
    return _any_of(alternatives)


def enrolments_in_scope(caller: Caller) -> Query:
    """A group sees its students while they are placed with it, a student their own enrolment."""
    alternatives: list[Query] = []
    if caller.has(Role.DISKOMINFO):
        alternatives.append({"state.region_code": {"$regex": region_pattern(caller.region)}})
    if caller.has(Role.CAMPUS, Role.SUPERVISOR) and caller.university_id:
        alternatives.append({"state.university_id": caller.university_id})
    if caller.has(Role.KIM) and caller.kim_id:
        placed = {"$in": sorted(status.value for status in ACTIVE)}
        alternatives.append({"state.assignment.kim_id": caller.kim_id, "state.status": placed})
    if caller.has(Role.STUDENT) and caller.student_id:
        alternatives.append({"_id": caller.student_id})
    return _any_of(alternatives)


def activities_in_scope(caller: Caller) -> Query:
    """A logbook belongs to the student, the group that was there, the university and the city."""
    alternatives: list[Query] = []
    if caller.has(Role.DISKOMINFO):
        region = {"$regex": region_pattern(caller.region)}
        alternatives.append({"state.cohort_region_code": region})
    if caller.has(Role.CAMPUS, Role.SUPERVISOR) and caller.university_id:
        alternatives.append({"state.university_id": caller.university_id})
    if caller.has(Role.KIM) and caller.kim_id:
        alternatives.append({"state.kim_id": caller.kim_id})
    if caller.has(Role.STUDENT) and caller.student_id:
        alternatives.append({"state.enrolment_id": caller.student_id})
    return _any_of(alternatives)


def sees_student_number(caller: Caller, enrolment: Enrolment) -> bool:
    """A group needs to know its students, not their numbers at the university."""
    return (
        (caller.has(Role.DISKOMINFO) and caller.covers(enrolment.region_code))
        or (
            caller.has(Role.CAMPUS, Role.SUPERVISOR)
            and caller.university_id == enrolment.university_id
        )
        or (caller.has(Role.STUDENT) and caller.student_id == enrolment.enrolment_id)
    )


def require_university_or_region(caller: Caller, university_id: str, region_code: str) -> None:
    """For commands of diskominfo and campus. Raises ForeignRegion, NotOwn."""
    _require_any(
        caller,
        {
            Role.DISKOMINFO: lambda: caller.require_region(region_code),
            Role.CAMPUS: lambda: caller.require_university(university_id),
        },
    )


def require_enrolment(caller: Caller, enrolment: Enrolment) -> None:
    """For commands of diskominfo, campus and the student. Raises ForeignRegion, NotOwn."""
    _require_any(
        caller,
        {
            Role.DISKOMINFO: lambda: caller.require_region(enrolment.region_code),
            Role.CAMPUS: lambda: caller.require_university(enrolment.university_id),
            Role.STUDENT: lambda: caller.require_student(enrolment.enrolment_id),
        },
    )


def _require_any(caller: Caller, checks: dict[Role, Callable[[], None]]) -> None:
    """One of the caller's roles must do; the refusal told is that of the last one tried."""
    refusal: Refusal = WrongRole(roles=[role.value for role in checks])
    for role, check in checks.items():
        if caller.has(role):
            try:
                check()
            except Refusal as refused:
                refusal = refused
            else:
                return
    raise refusal


def _any_of(alternatives: list[Query]) -> Query:
    return {"$or": alternatives} if alternatives else NOTHING
