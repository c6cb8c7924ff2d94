"""Plans an edition's deliveries in chunks of groups, so that a content for the whole country sits
in no one message, document or transaction, and in no one's memory.

Natural ids make every chunk repeatable: a courier that is killed loses nothing and doubles nothing.
The cursor only saves the next one work, and the claim keeps two from planning the same in vain.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from kentongan.process.own_commands import own_command
from kentongan.storage.aggregates.store import Stored
from services.broadcast.delivering.receivers import Receivers
from services.broadcast.domain.contents import Content, ContentStatus, PlanningStatus
from services.broadcast.domain.deliveries import (
    UNCLAIMED,
    Cancelled,
    PromisedEdition,
    cancelled,
    inbox_delivery,
    webhook_delivery,
)
from services.broadcast.domain.delivering import COURIER, complete_planning
from services.broadcast.domain.errors import EditionPassed
from services.broadcast.stores import Stores

Document = dict[str, Any]
AT_ONCE = 20
"""Contents looked at in one turn; the next turn finds the others."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chunks:
    """How many groups are planned at once, for how long an edition is claimed, and how soon its
    deliveries are promised to arrive.
    """

    groups: int
    claimed: timedelta
    promise: timedelta


@dataclass(frozen=True, slots=True)
class Chunk:
    """Groups in the order of their ids, and their deliveries, ready to be inserted."""

    last: str
    groups: int
    deliveries: list[Document]


class TakenOver(Exception):
    """The claim ran out and another courier plans this edition, or nobody needs to any more."""


class Planning:
    """Plans the editions that wait for it, one after the other."""

    def __init__(
        self,
        stores: Stores,
        receivers: Receivers,
        clock: Callable[[], datetime],
        chunks: Chunks,
        courier: str,
        *,
        directory_built: Callable[[], Awaitable[bool]],
    ) -> None:
        self.on_planned: Callable[[], None] = lambda: None
        """Called after each chunk: something may be due."""
        self._stores = stores
        self._receivers = receivers
        self._clock = clock
        self._chunks = chunks
        self._courier = courier
        self._directory_built = directory_built

    async def plan_waiting(self) -> int:
        """Plan every edition that waits and that no other courier plans; how many were ended.

        None while the directory of groups is being built: whom it doesn't know yet would be missed.
        """
        waiting = await self._stores.contents.find(
            {"state.planning.status": PlanningStatus.PLANNING.value},
            limit=AT_ONCE,
            without=("editions",),
        )
        if not waiting or not await self._directory_built():
            return 0
        ended = 0
        for stored in waiting:
            try:
                ended += await self._plan(stored)
            except TakenOver:
                _log.info("planning.taken_over", content_id=stored.id)
        return ended

    async def release(self) -> None:
        """At an orderly end: whoever comes next need not wait for the claims to run out."""
        now = self._clock()
        await self._stores.plannings.update(
            {"claim": self._courier, "claimed_until": {"$gt": now}},
            {"$set": {"claimed_until": now}},
        )

    async def _plan(self, stored: Stored[Content]) -> int:
        content = stored.state
        edition = edition_of(content, self._chunks.promise)
        planning = await self._claim(edition)
        if planning is None:
            return 0
        await self._call_off_older(edition)
        groups: int = planning["groups"]
        if content.status is ContentStatus.PUBLISHED:
            if planning["after"] is None:
                await self._plan_integrators(content, edition)
            if content.addressed:
                groups = await self._plan_groups(content, edition, planning["after"], groups)
                if not await self._directory_built():
                    await self._advance(edition, None, 0)
                    return 0
        return await self._complete(edition, groups)

    async def _plan_groups(
        self, content: Content, edition: PromisedEdition, after: str | None, groups: int
    ) -> int:
        """While one chunk is written, the next is read, and the cursor follows the one before."""
        chunk = await self._chunk(content, edition, after)
        while chunk is not None and await self._is_current(edition):
            _, following, _ = await asyncio.gather(
                self._stores.deliveries.insert_new(chunk.deliveries),
                self._chunk(content, edition, chunk.last),
                self._advance(edition, after, groups),
            )
            after, groups = chunk.last, groups + chunk.groups
            self.on_planned()
            chunk = following
        await self._advance(edition, after, groups)
        return groups

    async def _chunk(
        self, content: Content, edition: PromisedEdition, after: str | None
    ) -> Chunk | None:
        kim_ids = await self._receivers.groups(content.audience, after, self._chunks.groups)
        if not kim_ids:
            return None
        webhooks = await self._receivers.webhooks(kim_ids, content.kind.value)
        now = self._clock()
        deliveries: list[Document] = []
        for kim_id in kim_ids:
            deliveries.append(inbox_delivery(edition, kim_id, now))
            for channel_id in webhooks.get(kim_id, ()):
                deliveries.append(webhook_delivery(edition, kim_id, channel_id, now))
        return Chunk(kim_ids[-1], len(kim_ids), deliveries)

    async def _plan_integrators(self, content: Content, edition: PromisedEdition) -> None:
        channels = await self._receivers.integrators(content.audience, content.kind.value)
        now = self._clock()
        await self._stores.deliveries.insert_new(
            [webhook_delivery(edition, None, channel_id, now) for channel_id in channels]
        )
        self.on_planned()

    async def _is_current(self, edition: PromisedEdition) -> bool:
        """Looked at before every chunk: a retraction ends the planning. Raises TakenOver."""
        for content in await self._stores.contents.aggregate(
            [
                {"$match": {"_id": edition.content_id}},
                {"$project": {"status": "$state.status", "edition": "$state.edition"}},
            ]
        ):
            if content["edition"] != edition.number:
                raise TakenOver
            return bool(content["status"] == ContentStatus.PUBLISHED.value)
        raise TakenOver

    async def _claim(self, edition: PromisedEdition) -> Document | None:
        """The planning of this edition, if it is ours to do now."""
        now = self._clock()
        planning_id = f"{edition.content_id}:{edition.number}"
        claim = {"claim": self._courier, "claimed_until": now + self._chunks.claimed}
        new = {"_id": planning_id, "after": None, "groups": 0, **claim}
        if await self._stores.plannings.insert_new([new]):
            return new
        free = {"$or": [{"claim": self._courier}, {"claimed_until": {"$lte": now}}]}
        if not await self._stores.plannings.update({"_id": planning_id, **free}, {"$set": claim}):
            return None
        return await self._stores.plannings.get(planning_id)

    async def _advance(self, edition: PromisedEdition, after: str | None, groups: int) -> None:
        """Raises TakenOver: whoever has the claim now goes on from the cursor that stands there."""
        ours = {"_id": f"{edition.content_id}:{edition.number}", "claim": self._courier}
        until = self._clock() + self._chunks.claimed
        moved = {"$set": {"after": after, "groups": groups, "claimed_until": until}}
        if not await self._stores.plannings.update(ours, moved):
            raise TakenOver

    async def _call_off_older(self, edition: PromisedEdition) -> None:
        older = {"content_id": edition.content_id, "edition": {"$gt": 0, "$lt": edition.number}}
        called_off = {"$set": cancelled(Cancelled.SUPERSEDED, self._clock())}
        await self._stores.deliveries.update(older | UNCLAIMED, called_off)

    async def _complete(self, edition: PromisedEdition, groups: int) -> int:
        now = self._clock()
        try:
            await self._stores.contents.change(
                edition.content_id,
                lambda content: complete_planning(content, edition.number, groups, now),
                own_command("content.plan", COURIER, now),
                lambda stored: {"id": stored.id},
            )
        except EditionPassed:
            return 0
        _log.info("content.planned", content_id=edition.content_id, groups=groups)
        return 1


def edition_of(content: Content, promise: timedelta) -> PromisedEdition:
    """What the deliveries of the newest edition have in common. Raises TakenOver."""
    since = content.corrected_at or content.published_at
    if since is None:
        raise TakenOver
    return PromisedEdition(content.content_id, content.edition, since + promise)
