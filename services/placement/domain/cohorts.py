"""A cohort: students of several universities placed together for one period in one region."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from kentongan.domain import Decision
from kentongan.domain.state import State
from services.placement.domain.errors import (
    BriefingAfterPeriod,
    CohortClosed,
    PeriodReversed,
    QuotaBelowEnrolled,
    QuotaExceeded,
    QuotaRepeated,
    UniversityWithoutQuota,
)


class CohortKind(StrEnum):
    """Community service by a university, field practice, internship."""

    KKN = "kkn"
    PKL = "pkl"
    MAGANG = "magang"


class Quota(State):
    """How many students a university may send."""

    university_id: str
    students: int


class Cohort(State):
    """A cohort. `assignments` counts the commands that assigned its students.

    Every transaction that assigns advances it under the version's guard, so no two overlap: that is
    the mechanism behind a group's capacity, a rule that spans documents.
    """

    name: str
    kind: CohortKind
    region_code: str
    period_start: date
    period_end: date
    briefing_date: date
    quotas: tuple[Quota, ...]
    capacity_per_kim: int
    assignments: int = 0

    def quota_of(self, university_id: str) -> int | None:
        """The students that a university may send; None where it takes no part."""
        for quota in self.quotas:
            if quota.university_id == university_id:
                return quota.students
        return None


def open_cohort(cohort: Cohort) -> Decision[Cohort]:
    """Open a cohort. Raises PeriodReversed, BriefingAfterPeriod, QuotaRepeated."""
    if cohort.period_end < cohort.period_start:
        raise PeriodReversed(
            field="/period_end",
            period_start=cohort.period_start.isoformat(),
            period_end=cohort.period_end.isoformat(),
        )
    if cohort.briefing_date > cohort.period_end:
        raise BriefingAfterPeriod(
            field="/briefing_date",
            briefing_date=cohort.briefing_date.isoformat(),
            period_end=cohort.period_end.isoformat(),
        )
    check_quotas(cohort.quotas)
    return Decision(cohort, rule="cohort.open")


def change_quotas(
    cohort: Cohort, quotas: tuple[Quota, ...], enrolled: Mapping[str, int], today: date
) -> Decision[Cohort]:
    """Replace the quotas. Raises QuotaRepeated, QuotaBelowEnrolled, CohortClosed.

    `enrolled` counts the students of each university that have not withdrawn.
    """
    ensure_open(cohort, today)
    check_quotas(quotas)
    changed = cohort.model_copy(update={"quotas": quotas})
    for university_id, students in sorted(enrolled.items()):
        allowed = changed.quota_of(university_id) or 0
        if students > allowed:
            raise QuotaBelowEnrolled(
                field="/quotas", university_id=university_id, students=allowed, enrolled=students
            )
    return Decision(changed, rule="cohort.change-quotas")


def check_quotas(quotas: tuple[Quota, ...]) -> None:
    """Raises QuotaRepeated where a university appears twice."""
    seen: set[str] = set()
    for position, quota in enumerate(quotas):
        if quota.university_id in seen:
            raise QuotaRepeated(
                field=f"/quotas/{position}/university_id", university_id=quota.university_id
            )
        seen.add(quota.university_id)


def ensure_open(cohort: Cohort, today: date) -> None:
    """Raises CohortClosed once the period is over. `today` is the city's date."""
    if today > cohort.period_end:
        raise CohortClosed(period_end=cohort.period_end.isoformat())


def free_seats(cohort: Cohort, university_id: str, taken: frozenset[int]) -> list[int]:
    """The seats that a university may still fill, lowest first.

    A seat is a number that an enrolment holds under a unique index (cohort, university, seat).
    Whoever enrols takes the lowest, so two that meet collide on it and look again: a quota can't
    be overrun.
    Raises UniversityWithoutQuota, QuotaExceeded.
    """
    students = cohort.quota_of(university_id)
    if students is None:
        raise UniversityWithoutQuota(field="/university_id", university_id=university_id)
    left = students - len(taken)
    if left <= 0:
        raise QuotaExceeded(field="/university_id", university_id=university_id, students=students)
    free = (seat for seat in range(1, students + 1) if seat not in taken)
    return [seat for _, seat in zip(range(left), free, strict=False)]


def record_assignments(cohort: Cohort, rule: str) -> Decision[Cohort]:
    """Note that students were assigned, so that no other assignment overlaps (see Cohort)."""
    return Decision(cohort.model_copy(update={"assignments": cohort.assignments + 1}), rule=rule)
