"""Ends what nothing is left of: the figures of an edition's deliveries, recorded once.

Level-triggered: whichever courier finds an edition planned to its end and nothing pending tells the
content so. The content's own decision refuses a second time, so the event is recorded once.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from kentongan.process.own_commands import own_command
from services.broadcast.delivering.reach import Figures, figures_of
from services.broadcast.domain.contents import ContentStatus, PlanningStatus, Reach
from services.broadcast.domain.deliveries import UNCLAIMED, Cancelled, DeliveryStatus, cancelled
from services.broadcast.domain.delivering import COURIER, record_reach
from services.broadcast.domain.errors import EditionPassed
from services.broadcast.stores import Stores

_log = structlog.get_logger(__name__)


class Finishing:
    """Finds planned editions, calls off what a retraction left, and records their reach."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime]) -> None:
        self._stores = stores
        self._clock = clock

    async def finish(self) -> int:
        """One look at all editions that are planned and not yet delivered; how many are now."""
        planned = await self._stores.contents.aggregate(
            [
                {"$match": {"state.planning.status": PlanningStatus.COMPLETE.value}},
                {
                    "$project": {
                        "status": "$state.status",
                        "edition": "$state.planning.edition",
                        "groups": "$state.planning.groups",
                    }
                },
            ]
        )
        finished = 0
        for content in planned:
            finished += await self._finish(content)
        return finished

    async def _finish(self, content: dict[str, Any]) -> int:
        of_edition = {"content_id": content["_id"], "edition": content["edition"]}
        if content["status"] == ContentStatus.RETRACTED.value:
            called_off = {"$set": cancelled(Cancelled.RETRACTED, self._clock())}
            await self._stores.deliveries.update(of_edition | UNCLAIMED, called_off)
        pending = of_edition | {"status": DeliveryStatus.PENDING.value}
        if await self._stores.deliveries.find(pending, limit=1, fields=()):
            return 0
        figures = await figures_of(self._stores.deliveries, content["_id"], content["edition"])
        return await self._record(content, figures)

    async def _record(self, content: dict[str, Any], figures: Figures) -> int:
        reach = Reach(
            edition=content["edition"],
            groups=content["groups"],
            delivered=figures.delivered,
            failed=figures.failed,
            cancelled=figures.cancelled,
            late=figures.late,
        )
        now = self._clock()
        try:
            await self._stores.contents.change(
                content["_id"],
                lambda state: record_reach(state, reach),
                own_command("content.deliver", COURIER, now),
                lambda stored: {"id": stored.id},
            )
        except EditionPassed:
            return 0
        _log.info("content.delivered", content_id=content["_id"], **reach.model_dump())
        return 1
