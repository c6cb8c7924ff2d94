"""What a vote is made of, and what never gets into it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.contracts.scoring import VoteCast
from kentongan.domain import IdempotencyKey
from services.scoring.domain import voting_errors as errors
from services.scoring.domain.voters import Voters
from services.scoring.domain.votes import cast_vote
from tests.unit.scoring.polls import ENDS, STARTS, campaign

pytestmark = pytest.mark.days

NOW = datetime(2026, 10, 21, 3, 12, 45, tzinfo=UTC)
DAY = date(2026, 10, 21)
OURS = Voters("secret of this city")


def test_a_vote_is_recorded_with_its_day_there() -> None:
    decision = cast_vote(campaign(region_code="91.71"), "v1", "sukasari", None, NOW)
    event = decision.event
    assert isinstance(event, VoteCast)
    assert (event.vote_id, event.option_id, event.day) == ("v1", "sukasari", DAY)
    assert not event.suggestion
    late = cast_vote(campaign(region_code="91.71"), "v2", "sukasari", None, NOW.replace(hour=15))
    assert late.state.day == DAY + timedelta(days=1)


def test_a_suggestion_comes_with_the_vote_and_stays_inside() -> None:
    decision = cast_vote(campaign(), "v1", "sukasari", "Pelatihan Rahasia", NOW)
    assert (decision.state.suggestion, decision.state.suggests) == ("Pelatihan Rahasia", True)
    assert isinstance(decision.event, VoteCast)
    assert decision.event.suggestion
    assert "Rahasia" not in decision.event.model_dump_json()
    assert decision.note is None


def test_it_doesnt_count_by_itself() -> None:
    assert not cast_vote(campaign(), "v1", "sukasari", None, NOW).state.counted


def test_before_the_start_nobody_votes() -> None:
    cast_vote(campaign(), "v1", "sukasari", None, STARTS)
    with pytest.raises(errors.CampaignNotOpen):
        cast_vote(campaign(), "v1", "sukasari", None, STARTS - timedelta(milliseconds=1))


@pytest.mark.parametrize("ends_at", [ENDS, ENDS - timedelta(hours=11)])
@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(seconds=1), timedelta(days=3)])
def test_a_clock_that_is_ahead_at_the_end_gives_nobody_a_further_day(
    ends_at: datetime, ahead: timedelta
) -> None:
    decision = cast_vote(campaign(ends_at=ends_at), "v1", "sukasari", None, ends_at + ahead)
    assert isinstance(decision.event, VoteCast)
    assert (decision.state.day, decision.event.day) == (date(2026, 10, 31), date(2026, 10, 31))


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(errors.OptionUnknown) as refused:
        cast_vote(campaign(), "v1", "unknown", None, NOW)
    assert refused.value.field == "/option_id"


def test_an_id_needs_the_secret() -> None:
    theirs = Voters("secret of another")
    assert OURS.vote_id("c1", "warga-7", DAY) == OURS.vote_id("c1", "warga-7", DAY)
    assert OURS.vote_id("c1", "warga-7", DAY) != theirs.vote_id("c1", "warga-7", DAY)
    assert len(OURS.vote_id("c1", "warga-7", DAY)) == 64


_NAMES = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=20)
_VOTES = st.tuples(_NAMES, _NAMES, st.dates(date(2026, 1, 1), date(2026, 1, 5)))


@given(_VOTES, _VOTES)
def test_ids_are_equal_where_person_campaign_and_day_are(
    one: tuple[str, str, date], other: tuple[str, str, date]
) -> None:
    assert (OURS.vote_id(*one) == OURS.vote_id(*other)) == (one == other)


def test_a_clients_key_is_another_one_for_each_vote() -> None:
    key = IdempotencyKey(scoped="plain hash of subject and word", payload_hash="payload")
    first, again = OURS.hidden_key("v1", key), OURS.hidden_key("v1", key)
    tomorrow = OURS.hidden_key("v2", key)
    assert first == again
    assert {first.scoped, first.payload_hash}.isdisjoint({tomorrow.scoped, tomorrow.payload_hash})
    assert key.scoped not in str(first)
    changed = IdempotencyKey(scoped=key.scoped, payload_hash="another payload")
    assert OURS.hidden_key("v1", changed).scoped == first.scoped
    assert OURS.hidden_key("v1", changed).payload_hash != first.payload_hash
