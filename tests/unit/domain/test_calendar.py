"""A region's day: midnight is its own, whichever service asks."""

from datetime import UTC, date, datetime

import pytest

from kentongan.domain.calendar import Calendar, day_in

pytestmark = pytest.mark.days

BEFORE_MIDNIGHT_IN_TANGERANG = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region_code", "day"),
    [
        ("36.71", date(2026, 3, 1)),
        ("36.71.07.1013", date(2026, 3, 1)),
        ("51.71", date(2026, 3, 2)),
        ("73.71", date(2026, 3, 2)),
        ("91.71", date(2026, 3, 2)),
        ("", date(2026, 3, 1)),
    ],
)
def test_midnight_is_the_regions_own(region_code: str, day: date) -> None:
    assert day_in(region_code, BEFORE_MIDNIGHT_IN_TANGERANG) == day


def test_what_is_past_everywhere_is_past_in_the_west() -> None:
    calendar = Calendar(lambda: BEFORE_MIDNIGHT_IN_TANGERANG)
    assert calendar.today("91.71") == date(2026, 3, 2)
    assert calendar.past_everywhere() == date(2026, 3, 1)
