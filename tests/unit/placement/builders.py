"""Aggregates of placement as tests want them, one detail changed at a time."""

from datetime import UTC, date, datetime
from typing import Any

from kentongan.domain.kims import Kim
from services.placement.domain.cohorts import Cohort, CohortKind, Quota
from services.placement.domain.enrolments import Assignment, Enrolment, EnrolmentStatus
from services.placement.domain.plans import PlanLine

NOW = datetime(2026, 9, 26, 3, 0, tzinfo=UTC)
TODAY = date(2026, 9, 26)


def cohort(**changed: Any) -> Cohort:
    facts: dict[str, Any] = {
        "name": "Pendampingan KIM 2026",
        "kind": CohortKind.KKN,
        "region_code": "36.71",
        "period_start": date(2026, 9, 25),
        "period_end": date(2026, 11, 25),
        "briefing_date": date(2026, 9, 22),
        "quotas": (Quota(university_id="budi-luhur", students=2),),
        "capacity_per_kim": 3,
    }
    return Cohort(**facts | changed)


def enrolment(**changed: Any) -> Enrolment:
    facts: dict[str, Any] = {
        "enrolment_id": "e1",
        "cohort_id": "c1",
        "region_code": "36.71",
        "period_start": date(2026, 9, 25),
        "period_end": date(2026, 11, 25),
        "university_id": "budi-luhur",
        "university_name": "Universitas Budi Luhur",
        "person": "p1",
        "name": "Nama Rekaan",
        "student_number": "2210114001",
        "study_programme": "Ilmu Komunikasi",
        "seat": 1,
        "status": EnrolmentStatus.BRIEFED,
        "enrolled_at": NOW,
    }
    return Enrolment(**facts | changed)


def assigned(kim_id: str = "k1", **changed: Any) -> Enrolment:
    assignment = Assignment(kim_id=kim_id, region_code="36.71.07.1013", assigned_at=NOW)
    facts: dict[str, Any] = {
        "status": EnrolmentStatus.ASSIGNED,
        "active_person": "p1",
        "assignment": assignment,
    }
    return enrolment(**facts | changed)


def kim(**changed: Any) -> Kim:
    facts: dict[str, Any] = {
        "kim_id": "k1",
        "name": "KIM Gerendeng",
        "status": "registered",
        "region_code": "36.71.07.1013",
        "region_name": "Gerendeng",
        "level": "kelurahan",
        "district_code": "36.71.07",
        "district_name": "Karawaci",
        "city_code": "36.71",
        "potentials": ("kuliner", "umkm"),
        "nik_komunitas": "36.71-0001",
        "valid_until": date(2029, 1, 11),
    }
    return Kim(**facts | changed)


def line(enrolment_id: str = "e1", kim_id: str = "k1", previous: str | None = None) -> PlanLine:
    return PlanLine(
        enrolment_id=enrolment_id,
        kim_id=kim_id,
        kim_name="KIM Gerendeng",
        region_code="36.71.07.1013",
        previous_kim_id=previous,
        reasons=(),
    )
