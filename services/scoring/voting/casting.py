"""Casting a vote: one upsert, and nothing in it that names the voter."""

import dataclasses
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from kentongan.domain import CommandContext
from kentongan.storage.aggregates.stamped_store import Stamp
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.errors import AggregateExists, CameTooLate
from services.scoring.domain.campaigns import Campaign
from services.scoring.domain.voters import Voters
from services.scoring.domain.votes import Vote, cast_vote
from services.scoring.domain.voting_errors import AlreadyVotedToday, CampaignOver
from services.scoring.stores import Stores

VOTER = "voter"
"""The actor of every vote."""
CAMPAIGNS_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a person chose."""

    option_id: str
    suggestion: str | None


class Casting:
    """Takes votes. A campaign never changes, so it is read once a process."""

    def __init__(self, stores: Stores, voters: Voters, *, on_over: Callable[[], None]) -> None:
        self._stores = stores
        self._voters = voters
        self._on_over = on_over
        self._campaigns: dict[str, Campaign] = {}
        self._over: set[str] = set()
        """Campaigns whose end the database told of, so that later votes leave nothing behind."""

    async def cast(
        self, campaign_id: str, ballot: Ballot, subject: str, command: CommandContext
    ) -> Outcome:
        """Count a person's vote of the day, or say why not.

        The day is that of the process's clock in the campaign's time zone, the end the database's;
        who comes after it and has voted on the last day is told of the end all the same.
        Raises AggregateNotFound, OptionUnknown, CampaignNotOpen, CampaignOver, AlreadyVotedToday.
        """
        campaign = await self._campaign(campaign_id)
        if earlier := await self._answered_yesterday(campaign, subject, command):
            return earlier
        day = campaign.voting_day(command.now)
        vote_id = self._voters.vote_id(campaign_id, subject, day)
        hidden = self._hidden(command, vote_id)
        if campaign_id in self._over:
            if earlier := await self._stores.votes.answered(vote_id, hidden):
                return earlier
            raise CampaignOver(ends_at=campaign.ends_at.isoformat())
        decision = cast_vote(campaign, vote_id, ballot.option_id, ballot.suggestion, command.now)
        stamp = Stamp(field="cast_at", before=campaign.ends_at, counts="counted")
        try:
            return await self._stores.votes.create_stamped(
                vote_id, decision, hidden, vote_receipt, stamp
            )
        except CameTooLate as late:
            self._over.add(campaign_id)
            self._on_over()
            raise CampaignOver(ends_at=campaign.ends_at.isoformat()) from late
        except AggregateExists as exists:
            if campaign.ends_at <= command.now:
                raise CampaignOver(ends_at=campaign.ends_at.isoformat()) from exists
            raise AlreadyVotedToday(day=day.isoformat()) from exists

    async def _campaign(self, campaign_id: str) -> Campaign:
        known = self._campaigns.get(campaign_id)
        if known is None:
            known = (await self._stores.campaigns.load(campaign_id)).state
            if len(self._campaigns) >= CAMPAIGNS_KEPT:
                self._campaigns.clear()
            self._campaigns[campaign_id] = known
        return known

    async def _answered_yesterday(
        self, campaign: Campaign, subject: str, command: CommandContext
    ) -> Outcome | None:
        """A retry after midnight is answered as before midnight, not counted for the new day.

        After the end there is no new day: a retry finds the last day's vote under its own id.
        """
        if command.idempotency is None:
            return None
        yesterday = campaign.voting_day(command.now) - timedelta(days=1)
        if yesterday < campaign.first_day:
            return None
        vote_id = self._voters.vote_id(campaign.campaign_id, subject, yesterday)
        return await self._stores.votes.answered(vote_id, self._hidden(command, vote_id))

    def _hidden(self, command: CommandContext, vote_id: str) -> CommandContext:
        """The command without what could lead to the voter, or from one vote to another.

        A client may send one correlation id or trace all day long, so the vote begins its own.
        """
        key = command.idempotency
        chance = secrets.token_hex(40)
        begun = str(UUID(hex=chance[48:], version=4))
        return dataclasses.replace(
            command,
            actor=VOTER,
            correlation_id=begun,
            causation_id=begun,
            traceparent=f"00-{chance[:32]}-{chance[32:48]}-00",
            idempotency=self._voters.hidden_key(vote_id, key) if key else None,
        )


def vote_receipt(stored: Stored[Vote]) -> dict[str, Any]:
    """What the voter hears: the id under which the vote stands in the topic, and its day."""
    vote = stored.state
    return {
        "id": stored.id,
        "version": stored.version,
        "campaign_id": vote.campaign_id,
        "option_id": vote.option_id,
        "day": vote.day.isoformat(),
    }
