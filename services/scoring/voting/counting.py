"""Counting votes from their index; days that are over are counted once and kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.scoring.domain.tallies import DayVotes
from services.scoring.stores import Stores


class Counting:
    """The votes of a campaign by day and option.

    Days that are kept make a live tally cost what the days since then do. The final count trusts
    none of them: it goes over all votes once more.
    """

    def __init__(self, stores: Stores) -> None:
        self._votes = stores.votes
        self._days = stores.voting_days

    async def live(self, campaign_id: str) -> list[DayVotes]:
        """The days kept, and what was cast on all others until now."""
        kept = [_day(fact) for fact in await self._kept(campaign_id)]
        others = {"$nin": sorted(one.day.isoformat() for one in kept)}
        return sorted([*kept, *await self._counted(campaign_id, others)], key=lambda one: one.day)

    async def anew(self, campaign_id: str) -> list[DayVotes]:
        """All days from the votes themselves."""
        return await self._counted(campaign_id, {"$gt": ""})

    async def keep(self, campaign_id: str, days: Iterable[date]) -> int:
        """Count and keep those days, which are over, unless they are kept already; how many."""
        known = {fact["day"] for fact in await self._kept(campaign_id)}
        wanted = sorted({day.isoformat() for day in days} - known)
        if not wanted:
            return 0
        counted = await self._counted(campaign_id, {"$in": wanted})
        voted = {one.day.isoformat(): one for one in counted}
        return await self._days.insert_new(
            [
                {
                    "_id": f"{campaign_id}:{day}",
                    "campaign_id": campaign_id,
                    "day": day,
                    "votes": voted[day].votes if day in voted else {},
                    "suggestions": voted[day].suggestions if day in voted else 0,
                }
                for day in wanted
            ]
        )

    async def forget(self, campaign_id: str) -> None:
        """Remove the days kept, once the final count stands."""
        await self._days.delete({"campaign_id": campaign_id})

    async def _kept(self, campaign_id: str) -> list[dict[str, Any]]:
        return await self._days.find({"campaign_id": campaign_id}, limit=0)

    async def _counted(self, campaign_id: str, days: Mapping[str, Any]) -> list[DayVotes]:
        """Every field named here is in the index `tally`: no vote itself is read."""
        rows = await self._votes.aggregate(
            [
                {
                    "$match": {
                        "state.campaign_id": campaign_id,
                        "state.counted": True,
                        "state.day": dict(days),
                    }
                },
                {
                    "$group": {
                        "_id": {
                            "day": "$state.day",
                            "option_id": "$state.option_id",
                            "suggests": "$state.suggests",
                        },
                        "votes": {"$sum": 1},
                    }
                },
            ]
        )
        found: dict[str, DayVotes] = {}
        for row in rows:
            day, option_id = row["_id"]["day"], row["_id"]["option_id"]
            known = found.get(day) or DayVotes(day=date.fromisoformat(day), votes={})
            votes = {**known.votes, option_id: known.votes.get(option_id, 0) + row["votes"]}
            suggestions = known.suggestions + (row["votes"] if row["_id"]["suggests"] else 0)
            found[day] = DayVotes(day=known.day, votes=votes, suggestions=suggestions)
        return [found[day] for day in sorted(found)]


def _day(fact: Mapping[str, Any]) -> DayVotes:
    return DayVotes(
        day=date.fromisoformat(fact["day"]), votes=fact["votes"], suggestions=fact["suggestions"]
    )
