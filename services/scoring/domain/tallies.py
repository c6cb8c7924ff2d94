"""A campaign's figures: votes counted, interactions that staff entered, and the public formula."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field

from kentongan.domain import Decision
from kentongan.domain.state import State
from services.scoring.domain.campaigns import Campaign, Option
from services.scoring.domain.voting_errors import (
    DayAhead,
    DayOutsideCampaign,
    InteractionsFull,
    ReplacementsFull,
    TallyFinal,
)

MOST_INTERACTIONS = 16_000
"""Figures a campaign; 43 days of 5 platforms and 72 options are 15,480."""
MOST_REPLACEMENTS = 2_000
"""Figures a campaign that others take the place of.

Each figure and each replacement leaves a line in the tally's document for good. Where every name is
as long as it may be and the campaign takes 366 days of 200 options, the document is 15 MB with its
final count, of the 16.8 that MongoDB takes; a usual one is a third of it.
"""

ByOption = Mapping[str, int]


class DayVotes(State):
    """The votes of one day, by option; options without any are left out."""

    day: date
    votes: dict[str, int]
    suggestions: int = 0


class FinalCount(State):
    """The votes as they were counted after the end. Nothing changes them any more."""

    counted_at: datetime
    days: tuple[DayVotes, ...]


class Tally(State):
    """What is known of a campaign's figures beside the votes themselves."""

    campaign_id: str
    interactions: dict[str, dict[str, dict[str, int]]] = Field(default_factory=dict)
    """By day (ISO), platform and option."""
    replaced: int = 0
    """How often a figure took the place of another."""
    final: FinalCount | None = None


@dataclass(frozen=True, slots=True)
class Interactions:
    """What a platform showed for an option on a day: hashtags, likes, shares, as staff count."""

    day: date
    platform: str
    option_id: str
    count: int


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """What an option has. Equal scores share a rank, and the next one is left out (1, 2, 2, 4)."""

    option: Option
    votes: int
    interactions: int
    score: int
    rank: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What one day brought, by option."""

    day: date
    votes: ByOption
    suggestions: int
    interactions: ByOption


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is shown of a campaign."""

    votes: int
    suggestions: int
    interactions: int
    options: tuple[OptionFigures, ...]
    """The highest score first; equal ones in the campaign's own order."""
    days: tuple[DayFigures, ...]


def score(votes: int, interactions: int, weight: int) -> int:
    """The public formula."""
    return votes + weight * interactions


def record_interactions(
    campaign: Campaign, tally: Tally, given: Interactions, now: datetime
) -> Decision[Tally]:
    """Enter a figure; the same day, platform and option replaces what was entered before.

    An equal figure leaves the very tally as it is, and nothing need be written. Raises TallyFinal,
    OptionUnknown, DayOutsideCampaign, DayAhead, InteractionsFull, ReplacementsFull.
    """
    if tally.final is not None:
        raise TallyFinal(counted_at=tally.final.counted_at.isoformat())
    campaign.ensure_option(given.option_id)
    first_day, last_day = campaign.first_day, campaign.last_day
    if not first_day <= given.day <= last_day:
        raise DayOutsideCampaign(
            field="/day", first_day=first_day.isoformat(), last_day=last_day.isoformat()
        )
    if given.day > campaign.day_of(now):
        raise DayAhead(field="/day", day=given.day.isoformat())
    platforms = tally.interactions.get(given.day.isoformat(), {})
    entered = platforms.get(given.platform, {})
    before = entered.get(given.option_id)
    if before == given.count:
        return Decision(tally, rule="interactions.record")
    replaced = tally.replaced + (before is not None)
    if replaced > MOST_REPLACEMENTS:
        raise ReplacementsFull(limit=MOST_REPLACEMENTS)
    options = {**entered, given.option_id: given.count}
    interactions = {
        **tally.interactions,
        given.day.isoformat(): {**platforms, given.platform: options},
    }
    figures = sum(len(named) for day in interactions.values() for named in day.values())
    if figures > MOST_INTERACTIONS:
        raise InteractionsFull(limit=MOST_INTERACTIONS)
    note = f"{given.day.isoformat()} {given.platform} {given.option_id}: {given.count}"
    state = tally.model_copy(update={"interactions": interactions, "replaced": replaced})
    return Decision(state, rule="interactions.record", note=note)


def finish(tally: Tally, days: Iterable[DayVotes], now: datetime) -> Decision[Tally]:
    """Keep the votes as counted a grace after the end. Raises TallyFinal."""
    if tally.final is not None:
        raise TallyFinal(counted_at=tally.final.counted_at.isoformat())
    final = FinalCount(counted_at=now, days=tuple(days))
    return Decision(tally.model_copy(update={"final": final}), rule="tally.finish")


def figures_of(campaign: Campaign, tally: Tally, days: Iterable[DayVotes]) -> Figures:
    """The figures from the votes of each day and the interactions: live and final alike.

    Days without either are left out, whether somebody counted them or not.
    """
    voted = {one.day: one for one in days if one.votes}
    entered = {date.fromisoformat(day): each for day, each in tally.interactions.items()}
    shown = [
        DayFigures(
            day=day,
            votes=dict(voted[day].votes) if day in voted else {},
            suggestions=voted[day].suggestions if day in voted else 0,
            interactions=_by_option(entered.get(day, {}).values()),
        )
        for day in sorted({*voted, *entered})
    ]
    votes = _by_option(day.votes for day in shown)
    interactions = _by_option(day.interactions for day in shown)
    return Figures(
        votes=sum(votes.values()),
        suggestions=sum(day.suggestions for day in shown),
        interactions=sum(interactions.values()),
        options=_ranked(campaign, votes, interactions),
        days=tuple(shown),
    )


def _ranked(
    campaign: Campaign, votes: ByOption, interactions: ByOption
) -> tuple[OptionFigures, ...]:
    weight = campaign.interaction_weight
    scores = {
        option.option_id: score(
            votes.get(option.option_id, 0), interactions.get(option.option_id, 0), weight
        )
        for option in campaign.options
    }
    ahead = Counter(scores.values())
    figures = [
        OptionFigures(
            option=option,
            votes=votes.get(option.option_id, 0),
            interactions=interactions.get(option.option_id, 0),
            score=scores[option.option_id],
            rank=1 + sum(n for other, n in ahead.items() if other > scores[option.option_id]),
        )
        for option in campaign.options
    ]
    return tuple(sorted(figures, key=lambda one: one.rank))


def _by_option(each: Iterable[ByOption]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for figures in each:
        total.update(figures)
    return dict(sorted(total.items()))
