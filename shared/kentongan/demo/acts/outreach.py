"""What came out of publishing, judging and voting, for those who read and check afterwards."""

from dataclasses import dataclass

from kentongan.demo.acts.entering import Contest
from kentongan.demo.acts.publishing import CityContent
from kentongan.demo.acts.subscribing import Channel
from kentongan.demo.acts.voting import Campaign


@dataclass(frozen=True, slots=True)
class Outreach:
    """The second half of a season."""

    channels: tuple[Channel, ...]
    contents: tuple[CityContent, ...]
    contest: Contest
    campaigns: tuple[Campaign, ...]
