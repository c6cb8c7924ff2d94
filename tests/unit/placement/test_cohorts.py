"""Cohorts: dates, quotas, and the seats that keep a quota."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.domain import errors
from services.placement.domain.cohorts import (
    Quota,
    change_quotas,
    ensure_open,
    free_seats,
    open_cohort,
)
from services.placement.domain.enrolments import ensure_briefing_held
from tests.unit.placement.builders import TODAY, cohort

pytestmark = pytest.mark.days


def quota(students: int, university_id: str = "budi-luhur") -> Quota:
    return Quota(university_id=university_id, students=students)


def test_a_cohort_opens() -> None:
    assert open_cohort(cohort()).state == cohort()


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"period_end": date(2026, 9, 24)}, errors.PeriodReversed, "/period_end"),
        ({"briefing_date": date(2026, 11, 26)}, errors.BriefingAfterPeriod, "/briefing_date"),
        ({"quotas": (quota(1), quota(2))}, errors.QuotaRepeated, "/quotas/1/university_id"),
    ],
)
def test_a_cohort_that_makes_no_sense_is_refused(
    changed: dict[str, object], error: type[errors.DomainError], field: str
) -> None:
    with pytest.raises(error) as refused:
        open_cohort(cohort(**changed))
    assert refused.value.field == field


def test_a_cohort_is_open_to_the_end_of_its_last_day() -> None:
    ensure_open(cohort(), date(2026, 11, 25))
    with pytest.raises(errors.CohortClosed):
        ensure_open(cohort(), date(2026, 11, 26))


def test_a_briefing_counts_from_its_day_on() -> None:
    ensure_briefing_held(cohort(), date(2026, 9, 22))
    with pytest.raises(errors.BriefingNotHeld):
        ensure_briefing_held(cohort(), date(2026, 9, 21))


def test_a_quota_never_falls_below_the_enrolled() -> None:
    changed = change_quotas(cohort(), (quota(5),), {"budi-luhur": 5}, TODAY).state
    assert changed.quota_of("budi-luhur") == 5
    with pytest.raises(errors.QuotaBelowEnrolled):
        change_quotas(cohort(), (quota(4),), {"budi-luhur": 5}, TODAY)
    with pytest.raises(errors.QuotaBelowEnrolled):
        change_quotas(cohort(), (quota(9, "raharja"),), {"budi-luhur": 1}, TODAY)


def test_seats_are_filled_from_the_lowest() -> None:
    assert free_seats(cohort(quotas=(quota(4),)), "budi-luhur", frozenset({2})) == [1, 3, 4]
    with pytest.raises(errors.QuotaExceeded):
        free_seats(cohort(), "budi-luhur", frozenset({1, 2}))
    with pytest.raises(errors.UniversityWithoutQuota):
        free_seats(cohort(), "raharja", frozenset())


@given(st.integers(1, 12), st.frozensets(st.integers(1, 20), max_size=12))
def test_seats_never_exceed_the_quota_even_where_it_was_once_larger(
    students: int, taken: frozenset[int]
) -> None:
    try:
        seats = free_seats(cohort(quotas=(quota(students),)), "budi-luhur", taken)
    except errors.QuotaExceeded:
        assert len(taken) >= students
    else:
        assert seats
        assert not set(seats) & taken
        assert len(taken) + len(seats) <= students
