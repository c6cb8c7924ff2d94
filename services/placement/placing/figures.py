"""Where a cohort's students are, counted by university and by district."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from kentongan.domain.calendar import Calendar
from kentongan.domain.kims import Kim
from services.placement.domain.cohorts import Cohort
from services.placement.domain.enrolments import ACTIVE, EnrolmentStatus
from services.placement.domain.regions import district_of
from services.placement.read_models import KimDirectory
from services.placement.stores import Stores


@dataclass(slots=True)
class DistrictFigures:
    """A district: its groups that can have students, those that have some, and the students."""

    name: str
    kims: int = 0
    kims_with_students: int = 0
    students: int = 0


@dataclass(slots=True)
class PlacementFigures:
    """Students by university and status, and by district."""

    universities: dict[str, Counter[str]] = field(default_factory=dict)
    districts: dict[str, DistrictFigures] = field(default_factory=dict)


async def placement_figures(
    stores: Stores, kims: KimDirectory, calendar: Calendar, cohort_id: str, cohort: Cohort
) -> PlacementFigures:
    """Count a cohort. Universities with a quota appear even without students."""
    counted = await stores.enrolments.aggregate(_pipeline(cohort_id))
    figures = PlacementFigures()
    by_university: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for quota in cohort.quotas:
        by_university[quota.university_id]["quota"] = quota.students
    students: Counter[str] = Counter()
    active = {status.value for status in ACTIVE}
    for each in counted:
        group = each["_id"]
        by_university[group["university"]][group["status"]] += each["students"]
        if group["status"] in active | {EnrolmentStatus.COMPLETED.value}:
            students[group["kim"]] += each["students"]
    figures.universities = dict(sorted(by_university.items()))
    able = await kims.able_to_host(cohort.region_code, calendar.today(cohort.region_code))
    placed = await kims.many(students)
    figures.districts = _districts(able, placed, students)
    return figures


def _pipeline(cohort_id: str) -> list[dict[str, Any]]:
    key = {
        "university": "$state.university_id",
        "status": "$state.status",
        "kim": "$state.assignment.kim_id",
    }
    return [
        {"$match": {"state.cohort_id": cohort_id}},
        {"$group": {"_id": key, "students": {"$sum": 1}}},
    ]


def _districts(
    able: list[Kim], placed: dict[str, Kim], students: Counter[str]
) -> dict[str, DistrictFigures]:
    districts: dict[str, DistrictFigures] = {}
    everyone = {kim.kim_id: kim for kim in able} | placed
    can_host = {kim.kim_id for kim in able}
    for kim_id, kim in everyone.items():
        code = district_of(kim.region_code)
        figures = districts.setdefault(code, DistrictFigures(kim.district_name))
        figures.kims += kim_id in can_host
        figures.kims_with_students += students[kim_id] > 0
        figures.students += students[kim_id]
    return dict(sorted(districts.items()))
