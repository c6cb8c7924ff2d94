"""What campaigns do by themselves: keep days that are over, and count finally after the end.

Level-triggered, as every reaction is: campaigns without a final count are found by query.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import structlog

from kentongan.domain.calendar import Calendar
from kentongan.process.own_commands import own_command
from kentongan.storage.aggregates.store import Stored
from kentongan.storage.errors import StorageError, StorageUnavailable
from services.scoring.domain.campaigns import Campaign
from services.scoring.domain.tallies import finish
from services.scoring.domain.voting_errors import TallyFinal
from services.scoring.stores import Stores
from services.scoring.voting.counting import Counting
from services.scoring.voting.tallying import Tallying

ACTOR = "reaction:finish-campaigns"
SETTLED_AFTER = timedelta(seconds=60)
"""After a day's midnight its votes are counted and kept: by then all are in the database, also
those of processes whose clocks are a little behind. The final count counts them anew anyway."""
_MILLISECOND = timedelta(milliseconds=1)

_log = structlog.get_logger(__name__)


class Finishing:
    """The steps. `grace`: from a campaign's end to its final count, for what staff still enter; no
    shorter than the way of a vote from its stamp to its place in the database.
    """

    def __init__(
        self,
        stores: Stores,
        counting: Counting,
        tallying: Tallying,
        calendar: Calendar,
        *,
        grace: timedelta,
    ) -> None:
        self._stores = stores
        self._counting = counting
        self._tallying = tallying
        self._calendar = calendar
        self._grace = grace
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Finish a grace from now, in the background: a vote has just been told of an end.

        The reaction sees to it anyway, within a minute after the grace.
        """
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._after_the_grace(), name="finish-campaigns")

    async def _after_the_grace(self) -> None:
        await asyncio.sleep(self._grace.total_seconds())
        try:
            await self.finish_campaigns()
        except StorageError as error:
            _log.warning("campaign.finish_waits", rule=error.rule)

    async def keep_days(self) -> int:
        """Count and keep the days that are over, `SETTLED_AFTER` after each one's midnight.

        A day is that of the processes' clocks, so it is over by them too. Raises
        StorageUnavailable.
        """
        now = self._calendar.now()
        begun = {"_id": {"$nin": await self._finished()}, "state.starts_at": {"$lte": now}}
        kept = 0
        for stored in await self._stores.campaigns.find(begun, limit=0):
            campaign = stored.state
            over = [
                day
                for day in campaign.days_until(campaign.day_of(now))
                if campaign.end_of(day) + SETTLED_AFTER <= now
            ]
            with _apart("campaign.keep_days_failed", stored.id):
                kept += await self._counting.keep(stored.id, over)
        return kept

    async def finish_campaigns(self) -> int:
        """Keep the final count of campaigns whose end is a grace ago, by the database's clock.

        A process whose clock is ahead finishes nothing early. Raises StorageUnavailable.
        """
        grace = self._grace // _MILLISECOND
        ended = {
            "_id": {"$nin": await self._finished()},
            "$expr": {"$lte": ["$state.ends_at", {"$subtract": ["$$NOW", grace]}]},
        }
        finished = 0
        for stored in await self._stores.campaigns.find(ended, limit=0):
            with _apart("campaign.finish_failed", stored.id):
                finished += await self._finish(stored)
        return finished

    async def _finish(self, stored: Stored[Campaign]) -> int:
        days = await self._counting.anew(stored.id)
        now = self._calendar.now()
        command = own_command("tally.finish", ACTOR, now, key=f"{stored.id}:finish")
        try:
            await self._tallying.change(stored.id, partial(finish, days=days, now=now), command)
        except TallyFinal:
            return 0
        await self._counting.forget(stored.id)
        _log.info("campaign.finished", campaign_id=stored.id, days=len(days))
        return 1

    async def _finished(self) -> list[str]:
        rows = await self._stores.tallies.aggregate(
            [
                {"$match": {"state.final.counted_at": {"$exists": True}}},
                {"$project": {"_id": 1}},
            ]
        )
        return [row["_id"] for row in rows]


@contextmanager
def _apart(failed: str, campaign_id: str) -> Iterator[None]:
    """One campaign's step: a defect, logged under this name, keeps no other campaign waiting.

    Only what means that the database is away goes on to the caller, since it meets all of them.
    """
    try:
        yield
    except StorageUnavailable:
        raise
    except Exception:  # noqa: BLE001 - whatever the defect is, the others must go on
        _log.exception(failed, campaign_id=campaign_id)
