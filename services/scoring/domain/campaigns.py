"""A voting campaign: its period, its options and its formula, which never change once opened.

Votes are facts of their own (`votes.py`); what staff count besides, and the final figures, are the
tally's (`tallies.py`). So every process may keep a campaign in memory while it takes votes.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from kentongan.domain import Decision
from kentongan.domain.calendar import day_in, zone_of
from kentongan.domain.state import State
from services.scoring.domain.voting_errors import (
    CampaignNotOpen,
    CampaignOver,
    CampaignPeriodReversed,
    CampaignTooLong,
    OptionRepeated,
    OptionUnknown,
)

LONGEST_DAYS = 366
_MOMENT = timedelta(microseconds=1)


class Option(State):
    """Something that can be voted for."""

    option_id: str
    label: str


class Campaign(State):
    """A campaign. `ends_at` is the first moment that doesn't count any more, as the database
    tells the time.
    """

    campaign_id: str
    title: str
    region_code: str
    starts_at: datetime
    ends_at: datetime
    options: tuple[Option, ...]
    interaction_weight: int

    @property
    def first_day(self) -> date:
        """The day on which it begins, in its own time."""
        return self.day_of(self.starts_at)

    @property
    def last_day(self) -> date:
        """The last day of which any moment counts."""
        return self.day_of(self.ends_at - _MOMENT)

    def day_of(self, moment: datetime) -> date:
        """The date there at a moment: a vote a day means its own day, whoever asks from where."""
        return day_in(self.region_code, moment)

    def voting_day(self, now: datetime) -> date:
        """The day whose vote is cast at a moment of the process's clock: never after the last day.

        Until the database's end comes, a process whose clock is ahead would else have a day that
        the campaign hasn't, and take a second vote of everybody who voted on the last one.
        """
        return min(self.day_of(now), self.last_day)

    def days_until(self, day: date) -> Iterator[date]:
        """Its days in order, those after `day` left out."""
        each = self.first_day
        while each <= min(day, self.last_day):
            yield each
            each += timedelta(days=1)

    def end_of(self, day: date) -> datetime:
        """The midnight that ends a day there."""
        return datetime.combine(day + timedelta(days=1), time.min, zone_of(self.region_code))

    def ensure_option(self, option_id: str) -> None:
        """Raises OptionUnknown."""
        if all(option.option_id != option_id for option in self.options):
            raise OptionUnknown(field="/option_id", option=option_id)

    def ensure_begun(self, now: datetime) -> None:
        """Raises CampaignNotOpen. By the process's clock: only the end is the database's."""
        if now < self.starts_at:
            raise CampaignNotOpen(starts_at=self.starts_at.isoformat())


def open_campaign(campaign: Campaign, now: datetime) -> Decision[Campaign]:
    """Announce a campaign, before or after it begins.

    Raises CampaignPeriodReversed, CampaignOver, CampaignTooLong, OptionRepeated.
    """
    if campaign.ends_at <= campaign.starts_at:
        raise CampaignPeriodReversed(
            field="/ends_at",
            starts_at=campaign.starts_at.isoformat(),
            ends_at=campaign.ends_at.isoformat(),
        )
    if campaign.ends_at <= now:
        raise CampaignOver(field="/ends_at", ends_at=campaign.ends_at.isoformat())
    days = (campaign.last_day - campaign.first_day).days + 1
    if days > LONGEST_DAYS:
        raise CampaignTooLong(field="/ends_at", days=days, limit=LONGEST_DAYS)
    seen: set[str] = set()
    for position, option in enumerate(campaign.options):
        if option.option_id in seen:
            field = f"/options/{position}/option_id"
            raise OptionRepeated(field=field, option=option.option_id)
        seen.add(option.option_id)
    return Decision(campaign, rule="campaign.open")
