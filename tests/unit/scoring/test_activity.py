from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain import errors
from services.scoring.domain.activity import Doings, count_activity, period_of
from services.scoring.domain.rubrics import ActivityFormula
from tests.unit.scoring.contests import NOW, competition, counted, criterion

MANY = st.integers(0, 500)


@pytest.mark.parametrize(
    ("contents", "activities", "hundredths"),
    [(0, 0, 0), (1, 0, 2500), (1, 1, 3750), (4, 0, 10_000), (4, 100, 10_000)],
)
def test_doings_become_points_up_to_the_target(
    contents: int, activities: int, hundredths: int
) -> None:
    count = count_activity(counted(), Doings(contents, activities))
    assert (count.contents, count.activities) == (contents, activities)
    assert count.hundredths == hundredths


def test_who_did_nothing_has_the_fewest_points() -> None:
    assert count_activity(counted(scale_min=10), Doings()).hundredths == 1_000


@given(MANY, MANY, st.integers(1, 1_000))
def test_points_are_the_formula_rounded_to_hundredths(
    contents: int, activities: int, target: int
) -> None:
    formula = ActivityFormula(per_content=3, per_activity=2, target=target)
    count = count_activity(counted(activity=formula), Doings(contents, activities))
    exact = 100 * min(Fraction(1), Fraction(3 * contents + 2 * activities, target))
    assert 0 <= count.hundredths <= 10_000
    assert abs(Fraction(count.hundredths, 100) - exact) <= Fraction(1, 200)


def test_a_judged_criterion_is_not_counted() -> None:
    with pytest.raises(errors.CriterionMisdescribed):
        count_activity(criterion(), Doings())


def test_the_period_is_days_of_the_region_and_ends_with_the_closing() -> None:
    period = period_of(competition(), NOW)
    assert period.since == datetime(2026, 9, 24, 17, tzinfo=UTC)
    assert period.before == period.closed_at == NOW
    later = period_of(competition(), datetime(2026, 12, 1, tzinfo=UTC))
    assert later.before == datetime(2026, 11, 5, 17, tzinfo=UTC)
    eastern = period_of(competition(region_code="91.71"), NOW)
    assert eastern.since == datetime(2026, 9, 24, 15, tzinfo=UTC)
