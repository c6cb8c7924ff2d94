"""The rules of campaigns and votes that say no; `api/voting_problems.py` words each."""

from kentongan.domain import DomainError


class CampaignPeriodReversed(DomainError):
    """A campaign ends before it starts, or at that moment. Facts: starts_at, ends_at."""

    rule = "campaign-period-reversed"


class CampaignTooLong(DomainError):
    """A campaign takes a stated number of days at most. Facts: days, limit."""

    rule = "campaign-too-long"


class OptionRepeated(DomainError):
    """Two options of a campaign share an id. Facts: option."""

    rule = "option-repeated"


class OptionUnknown(DomainError):
    """The campaign has no option of this id. Facts: option."""

    rule = "option-unknown"


class CampaignNotOpen(DomainError):
    """The campaign hasn't begun. Facts: starts_at."""

    rule = "campaign-not-open"


class CampaignOver(DomainError):
    """The campaign's end is over. Facts: ends_at."""

    rule = "campaign-over"


class AlreadyVotedToday(DomainError):
    """The person's vote of this day is cast; the next is possible at midnight there. Facts: day."""

    rule = "already-voted-today"


class DayOutsideCampaign(DomainError):
    """The campaign doesn't run on this day. Facts: first_day, last_day."""

    rule = "day-outside-campaign"


class DayAhead(DomainError):
    """Nobody can have counted a day that lies ahead. Facts: day."""

    rule = "day-ahead"


class TallyFinal(DomainError):
    """The campaign's figures are final. Facts: counted_at."""

    rule = "tally-final"


class InteractionsFull(DomainError):
    """A campaign keeps a stated number of interaction figures. Facts: limit."""

    rule = "interactions-full"


class ReplacementsFull(DomainError):
    """A campaign's interaction figures are replaced a stated number of times. Facts: limit."""

    rule = "replacements-full"
