"""A campaign's period, its days in its own time, its options."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain import voting_errors as errors
from services.scoring.domain.campaigns import Option, open_campaign
from tests.unit.scoring.polls import ENDS, STARTS, campaign

pytestmark = pytest.mark.days

BEFORE = STARTS - timedelta(days=3)


def test_a_campaign_is_opened_before_it_begins() -> None:
    decision = open_campaign(campaign(), BEFORE)
    assert (decision.rule, decision.event) == ("campaign.open", None)
    assert (decision.state.first_day, decision.state.last_day) == (
        date(2026, 10, 1),
        date(2026, 10, 31),
    )


@pytest.mark.parametrize("ends_at", [STARTS, STARTS - timedelta(seconds=1)])
def test_it_ends_after_it_starts(ends_at: datetime) -> None:
    with pytest.raises(errors.CampaignPeriodReversed) as refused:
        open_campaign(campaign(ends_at=ends_at), BEFORE)
    assert refused.value.field == "/ends_at"


def test_its_end_lies_ahead() -> None:
    open_campaign(campaign(), ENDS - timedelta(milliseconds=1))
    with pytest.raises(errors.CampaignOver):
        open_campaign(campaign(), ENDS)


def test_it_takes_a_year_at_most() -> None:
    open_campaign(campaign(ends_at=STARTS + timedelta(days=366)), BEFORE)
    with pytest.raises(errors.CampaignTooLong) as refused:
        open_campaign(campaign(ends_at=STARTS + timedelta(days=366, seconds=1)), BEFORE)
    assert refused.value.facts == {"days": 367, "limit": 366}


def test_an_option_is_named_once() -> None:
    twice = tuple(Option(option_id=each, label=each) for each in ("a", "b", "a"))
    with pytest.raises(errors.OptionRepeated) as refused:
        open_campaign(campaign(options=twice), BEFORE)
    assert refused.value.field == "/options/2/option_id"


@pytest.mark.parametrize(
    ("region_code", "midnight_utc"),
    [("36.71", 17), ("73.71", 16), ("91.71", 15), ("65", 16), ("18.72.01.1001", 17)],
)
def test_its_day_changes_at_midnight_there(region_code: str, midnight_utc: int) -> None:
    there = campaign(region_code=region_code)
    midnight = datetime(2026, 10, 20, midnight_utc, tzinfo=UTC)
    assert there.day_of(midnight - timedelta(microseconds=1)) == date(2026, 10, 20)
    assert there.day_of(midnight) == date(2026, 10, 21)
    assert there.end_of(date(2026, 10, 20)) == midnight


@given(
    st.sampled_from(["36.71", "73.71", "91.71"]),
    st.datetimes(datetime(2026, 9, 30), datetime(2026, 11, 2), timezones=st.just(UTC)),
)
def test_every_moment_of_it_lies_in_one_of_its_days(region_code: str, moment: datetime) -> None:
    there = campaign(region_code=region_code)
    day = there.day_of(moment)
    if there.starts_at <= moment:
        assert there.voting_day(moment) in set(there.days_until(date.max))
    assert there.end_of(day) - timedelta(days=1) <= moment < there.end_of(day)
    if there.starts_at <= moment < there.ends_at:
        assert there.voting_day(moment) == day
    if moment < there.end_of(there.first_day) - timedelta(days=1):
        assert day not in set(there.days_until(date.max))


def test_its_days_are_told_until_a_day() -> None:
    assert list(campaign().days_until(date(2026, 9, 30))) == []
    assert list(campaign().days_until(date(2026, 10, 2))) == [date(2026, 10, 1), date(2026, 10, 2)]
    assert len(list(campaign().days_until(date.max))) == 31
