"""A public campaign's tally."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kentongan.demo.summary.text import Text


@dataclass(frozen=True, slots=True)
class OptionShown:
    """One option, and what it got on each day."""

    label: str
    votes: Mapping[date, int]
    interactions: Mapping[date, int]
    """As counted by staff, not weighted."""
    figure: int
    """Votes and weighted interactions together, by the campaign's formula."""

    @property
    def voted(self) -> int:
        """Votes of all days."""
        return sum(self.votes.values())

    @property
    def interacted(self) -> int:
        """Interactions of all days."""
        return sum(self.interactions.values())


@dataclass(frozen=True, slots=True)
class CampaignShown:
    """A campaign as its public tally tells it, the strongest option first."""

    title: str
    formula: Text
    status: str
    """provisional or final."""
    interaction_weight: int
    options: tuple[OptionShown, ...]
    acknowledged: int
    """Votes that the services answered with 2xx."""
    repeats_refused: int
    """Second votes of a day, none of which counts."""
    suggestions: int

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which anything was counted."""
        counted = (day for one in self.options for day in (*one.votes, *one.interactions))
        return tuple(sorted(set(counted)))

    @property
    def votes(self) -> int:
        """All votes that count."""
        return sum(option.voted for option in self.options)
