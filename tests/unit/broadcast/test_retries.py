"""When a delivery is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.broadcast.domain.retries import RetryPolicy, retry_after

POLICY = RetryPolicy(attempts=8, first_delay=5, factor=3, longest_delay=21_600)
NOW = datetime(2026, 10, 5, 2, tzinfo=UTC)


def test_delays_grow_up_to_the_longest() -> None:
    delays = [POLICY.delay(attempts, spread=0).total_seconds() for attempts in range(1, 11)]
    assert delays == [5, 15, 45, 135, 405, 1215, 3645, 10_935, 21_600, 21_600]


@given(attempts=st.integers(1, 500), spread=st.floats(0, 1))
def test_jitter_shortens_a_delay_by_half_at_most(attempts: int, spread: float) -> None:
    whole = POLICY.delay(attempts, spread=0)
    assert whole / 2 <= POLICY.delay(attempts, spread=spread) <= whole


def test_a_receiver_that_asks_for_time_gets_it_within_the_bound() -> None:
    assert POLICY.delay(1, spread=1, retry_after=120) == timedelta(seconds=120)
    assert POLICY.delay(5, spread=0, retry_after=1) == timedelta(seconds=405)
    assert POLICY.delay(1, spread=0, retry_after=10**9) == timedelta(seconds=21_600)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("9" * 400, 999_999_999),
        ("Mon, 05 Oct 2026 02:01:30 GMT", 90),
        ("Mon, 05 Oct 2026 01:00:00 GMT", 0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("Mon, 99 Oct 2026 99:00:00 GMT", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
