"""A vote: a fact with a natural id, stamped by the database."""

from datetime import date, datetime

from kentongan.contracts.scoring import VoteCast
from kentongan.domain import Decision
from kentongan.domain.state import State
from services.scoring.domain.campaigns import Campaign


class Vote(State):
    """A vote. Nothing of it names the voter, nor the same person's vote of another day.

    `cast_at` and `counted` are the database's to write: in the decision they stand for nothing.
    """

    vote_id: str
    campaign_id: str
    option_id: str
    day: date
    suggestion: str | None
    suggests: bool
    cast_at: datetime
    counted: bool = False


def cast_vote(
    campaign: Campaign,
    vote_id: str,
    option_id: str,
    suggestion: str | None,
    now: datetime,
) -> Decision[Vote]:
    """A person's vote of the day that it is now in the campaign's region, or of the last one.

    A suggestion comes with a vote and counts as no second one (an idea also counts as a vote
    [P]); its text stays inside. Raises OptionUnknown, CampaignNotOpen.
    """
    campaign.ensure_option(option_id)
    campaign.ensure_begun(now)
    vote = Vote(
        vote_id=vote_id,
        campaign_id=campaign.campaign_id,
        option_id=option_id,
        day=campaign.voting_day(now),
        suggestion=suggestion,
        suggests=suggestion is not None,
        cast_at=now,
    )
    return Decision(vote, rule="vote.cast", event=cast_event(vote))


def cast_event(vote: Vote) -> VoteCast:
    """That it was cast, for what and when; no word of a suggestion."""
    return VoteCast(
        vote_id=vote.vote_id,
        campaign_id=vote.campaign_id,
        option_id=vote.option_id,
        day=vote.day,
        suggestion=vote.suggests,
        cast_at=vote.cast_at,
    )
