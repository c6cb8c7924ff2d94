"""Results are published: prizes for ranks, special prizes, and the first of the ranking."""

from collections import defaultdict
from collections.abc import Sequence

from kentongan.domain import CommandContext, Decision
from kentongan.storage.aggregates.store import Outcome, Stored
from services.scoring.domain.awarding import (
    WINNERS,
    PrizeOffered,
    award,
    ensure_all_closed,
    publish_results,
)
from services.scoring.domain.competitions import Competition
from services.scoring.domain.entries import Entry
from services.scoring.domain.public_state import LISTED
from services.scoring.judging.receipts import competition_receipt
from services.scoring.stores import Stores

RANKING = (("state.rank", 1), ("_id", 1))


class Publication:
    """Publishes results, and reads the ranking that they are made of."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def publish(
        self, competition_id: str, offered: Sequence[PrizeOffered], command: CommandContext
    ) -> Outcome:
        """Publish for good.

        Raises AggregateNotFound, StagesOpen, AlreadyPublished, RankEmpty, EntryUnknown,
        TooManyWinners.
        """

        async def decide(competition: Competition) -> Decision[Competition]:
            ensure_all_closed(competition)
            prizes = award(
                offered,
                await self._by_rank(competition_id, offered),
                await self._by_id(competition_id, offered),
            )
            entries = await self._stores.entries.count({"state.competition_id": competition_id})
            first = [each.state for each in await self.first(competition_id)]
            return publish_results(competition, prizes, entries, first, command.now)

        return await self._stores.competitions.change(
            competition_id, decide, command, competition_receipt
        )

    async def first(self, competition_id: str) -> list[Stored[Entry]]:
        """The entries of the lowest ranks, as many as an event may list."""
        return await self._stores.entries.find(
            {"state.competition_id": competition_id, "state.rank": {"$gt": 0}},
            sort=RANKING,
            limit=LISTED,
        )

    async def _by_rank(
        self, competition_id: str, offered: Sequence[PrizeOffered]
    ) -> dict[int, list[Entry]]:
        ranks = [each.rank for each in offered if each.rank is not None]
        found = await self._stores.entries.find(
            {"state.competition_id": competition_id, "state.rank": {"$in": ranks}},
            sort=RANKING,
            limit=WINNERS + 1,
        )
        by_rank: dict[int, list[Entry]] = defaultdict(list)
        for each in found:
            by_rank[each.state.rank].append(each.state)
        return by_rank

    async def _by_id(
        self, competition_id: str, offered: Sequence[PrizeOffered]
    ) -> dict[str, Entry]:
        wanted = [each.entry_id for each in offered if each.entry_id is not None]
        return {
            each.id: each.state
            for each in await self._stores.entries.load_many(wanted)
            if each.state.competition_id == competition_id
        }
