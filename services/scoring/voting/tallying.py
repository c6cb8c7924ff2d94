"""The tally of a campaign: its own aggregate, made when there is something to keep in it."""

from collections.abc import Callable
from typing import Any

from kentongan.domain import CommandContext, Decision
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.errors import AggregateExists, AggregateNotFound
from services.scoring.domain.campaigns import Campaign
from services.scoring.domain.tallies import (
    Figures,
    Interactions,
    Tally,
    figures_of,
    record_interactions,
)
from services.scoring.stores import Stores
from services.scoring.voting.counting import Counting


class _Unchanged(Exception):
    """The tally is as a command wants it."""


class Tallying:
    """Writes a campaign's tally, and reads its figures."""

    def __init__(self, stores: Stores, counting: Counting) -> None:
        self._tallies = stores.tallies
        self._counting = counting

    async def record(
        self, campaign: Campaign, given: Interactions, command: CommandContext
    ) -> Outcome:
        """Enter interactions. Raises what `record_interactions` does.

        An equal figure writes nothing, so that refreshing figures doesn't fill the document; it is
        answered with the version that stands. Its idempotency key isn't kept either: repeated, it
        is decided anew.
        """

        def decide(tally: Tally) -> Decision[Tally]:
            decision = record_interactions(campaign, tally, given, command.now)
            if decision.state is tally:
                raise _Unchanged
            return decision

        try:
            return await self.change(campaign.campaign_id, decide, command)
        except _Unchanged:
            stands = await self._tallies.load(campaign.campaign_id)
            return Outcome(200, tally_receipt(stands), stands.version)

    async def change(
        self, campaign_id: str, decide: Callable[[Tally], Decision[Tally]], command: CommandContext
    ) -> Outcome:
        """Change the tally, or begin it with this change."""
        try:
            return await self._tallies.change(campaign_id, decide, command, tally_receipt)
        except AggregateNotFound:
            begun = decide(Tally(campaign_id=campaign_id))
            try:
                return await self._tallies.create(
                    campaign_id, begun, command, tally_receipt, status=200
                )
            except AggregateExists:
                return await self._tallies.change(campaign_id, decide, command, tally_receipt)

    async def figures(self, campaign: Campaign) -> tuple[Tally, Figures]:
        """The tally and its figures: final where they are, else as of now."""
        found = await self._tallies.load_many([campaign.campaign_id])
        tally = found[0].state if found else Tally(campaign_id=campaign.campaign_id)
        if tally.final is not None:
            return tally, figures_of(campaign, tally, tally.final.days)
        return tally, figures_of(campaign, tally, await self._counting.live(campaign.campaign_id))


def tally_receipt(stored: Stored[Tally]) -> dict[str, Any]:
    """The tally's id (the campaign's) and version."""
    return {"id": stored.id, "version": stored.version}
