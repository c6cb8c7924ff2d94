"""The formula, the ranking, interactions that replace, figures that become final."""

import inspect
import string
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.domain import DomainError
from services.scoring.api.problems import PROBLEMS
from services.scoring.domain import errors as judging_errors
from services.scoring.domain import tallies
from services.scoring.domain import voting_errors as errors
from services.scoring.domain.tallies import (
    DayVotes,
    Interactions,
    figures_of,
    finish,
    record_interactions,
)
from tests.unit.scoring.polls import OPTIONS, campaign, tally

pytestmark = pytest.mark.days

NOW = datetime(2026, 10, 21, 3, 0, tzinfo=UTC)
DAYS = [date(2026, 10, 1) + timedelta(days=number) for number in range(5)]


def seen(count: int = 10, **changed: Any) -> Interactions:
    facts: dict[str, Any] = {"day": DAYS[0], "platform": "instagram", "option_id": "gerendeng"}
    return Interactions(**{**facts, "count": count} | changed)


def test_the_same_day_platform_and_option_replaces() -> None:
    state = tally()
    for given_ in (seen(10), seen(3, platform="tiktok"), seen(4, option_id="cikokol"), seen(7)):
        decision = record_interactions(campaign(), state, given_, NOW)
        state = decision.state
    assert state.interactions == {
        "2026-10-01": {"instagram": {"gerendeng": 7, "cikokol": 4}, "tiktok": {"gerendeng": 3}}
    }
    assert decision.note == "2026-10-01 instagram gerendeng: 7"
    assert decision.event is None


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 11, 1)])
def test_interactions_are_of_a_day_of_the_campaign(day: date) -> None:
    later = NOW + timedelta(days=30)
    with pytest.raises(errors.DayOutsideCampaign):
        record_interactions(campaign(), tally(), seen(day=day), later)


def test_nobody_has_counted_tomorrow() -> None:
    record_interactions(campaign(), tally(), seen(day=date(2026, 10, 21)), NOW)
    with pytest.raises(errors.DayAhead):
        record_interactions(campaign(), tally(), seen(day=date(2026, 10, 22)), NOW)


def test_interactions_of_an_unknown_option() -> None:
    with pytest.raises(errors.OptionUnknown) as refused:
        record_interactions(campaign(), tally(), seen(option_id="x"), NOW)
    assert refused.value.field == "/option_id"


def test_a_campaign_keeps_a_stated_number_of_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tallies, "MOST_INTERACTIONS", 1)
    full = record_interactions(campaign(), tally(), seen(), NOW).state
    record_interactions(campaign(), full, seen(5), NOW)
    with pytest.raises(errors.InteractionsFull):
        record_interactions(campaign(), full, seen(platform="x"), NOW)


def test_replacing_has_an_end_and_keeps_no_new_figure_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tallies, "MOST_REPLACEMENTS", 2)
    state = tally()
    for count in (1, 2, 3):
        state = record_interactions(campaign(), state, seen(count), NOW).state
    with pytest.raises(errors.ReplacementsFull):
        record_interactions(campaign(), state, seen(4), NOW)
    assert record_interactions(campaign(), state, seen(3), NOW).state is state
    state = record_interactions(campaign(), state, seen(1, platform="tiktok"), NOW).state
    with pytest.raises(errors.ReplacementsFull):
        record_interactions(campaign(), state, seen(2, platform="tiktok"), NOW)


def test_nought_is_a_figure_like_another() -> None:
    state = record_interactions(campaign(), tally(), seen(0), NOW).state
    assert state.interactions == {"2026-10-01": {"instagram": {"gerendeng": 0}}}


def test_an_equal_figure_is_refused_where_another_would_be() -> None:
    state = finish(record_interactions(campaign(), tally(), seen(), NOW).state, [], NOW).state
    with pytest.raises(errors.TallyFinal):
        record_interactions(campaign(), state, seen(), NOW)


def test_a_final_tally_changes_no_more() -> None:
    counted = [DayVotes(day=DAYS[0], votes={"gerendeng": 2})]
    state = finish(tally(), counted, NOW).state
    assert state.final is not None
    assert (state.final.counted_at, state.final.days) == (NOW, tuple(counted))
    with pytest.raises(errors.TallyFinal):
        finish(state, [], NOW)
    with pytest.raises(errors.TallyFinal):
        record_interactions(campaign(), state, seen(), NOW)


def test_equal_scores_share_a_rank_and_the_next_is_left_out() -> None:
    days = [DayVotes(day=DAYS[0], votes={"sukasari": 4, "cikokol": 2})]
    entered = tally(interactions={"2026-10-02": {"instagram": {"gerendeng": 2}}})
    figures = figures_of(campaign(), entered, days)
    assert [(one.option.option_id, one.score, one.rank) for one in figures.options] == [
        ("gerendeng", 4, 1),
        ("sukasari", 4, 1),
        ("cikokol", 2, 3),
    ]
    assert [(one.day, dict(one.votes), dict(one.interactions)) for one in figures.days] == [
        (DAYS[0], {"cikokol": 2, "sukasari": 4}, {}),
        (DAYS[1], {}, {"gerendeng": 2}),
    ]


_FIGURES = st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 1000))
_VOTED = st.dictionaries(st.sampled_from(DAYS), _FIGURES)
_SEEN = st.dictionaries(
    st.sampled_from([day.isoformat() for day in DAYS]),
    st.dictionaries(st.sampled_from(["instagram", "tiktok"]), _FIGURES),
)


@given(_VOTED, _SEEN, st.integers(0, 100))
def test_the_score_is_the_public_formula_over_all_days(
    voted: dict[date, dict[str, int]], entered: dict[str, dict[str, dict[str, int]]], weight: int
) -> None:
    days = [DayVotes(day=day, votes=votes) for day, votes in voted.items()]
    poll = campaign(interaction_weight=weight)
    figures = figures_of(poll, tally(interactions=entered), days)
    expected: Counter[str] = Counter(dict.fromkeys(OPTIONS, 0))
    for votes in voted.values():
        expected.update(votes)
    for platforms in entered.values():
        for named in platforms.values():
            expected.update({option: weight * count for option, count in named.items()})
    assert {one.option.option_id: one.score for one in figures.options} == dict(expected)
    assert figures.votes == sum(sum(votes.values()) for votes in voted.values())
    for one in figures.options:
        assert one.rank == 1 + sum(other.score > one.score for other in figures.options)
    assert [one.score for one in figures.options] == sorted(expected.values(), reverse=True)
    by_day = [
        sum(day.votes.values()) + weight * sum(day.interactions.values()) for day in figures.days
    ]
    assert sum(by_day) == sum(expected.values())


REFUSALS = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, DomainError) and error is not DomainError
]


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: error.rule)
def test_every_refusal_is_worded_in_both_languages(error: type[DomainError]) -> None:
    text = PROBLEMS[error]
    assert text.title != text.title_en
    assert text.detail != text.detail_en
    facts = {name for _, name, _, _ in string.Formatter().parse(text.detail) if name}
    assert facts == {name for _, name, _, _ in string.Formatter().parse(text.detail_en) if name}
    documented = (error.__doc__ or "").split("Facts:")[-1]
    assert {name for name in facts if name not in documented} == set()


def test_rules_are_told_apart_from_those_of_judging() -> None:
    judging = {
        error.rule
        for _, error in inspect.getmembers(judging_errors, inspect.isclass)
        if issubclass(error, DomainError) and error is not DomainError
    }
    mine = {error.rule for error in REFUSALS}
    assert len(mine) == len(REFUSALS)
    assert mine.isdisjoint(judging)
