"""The look before each send: is this edition still the one to be read, does the channel still want?

Reads of many sends are put together (`Batching`), but none is answered by an older read: what was
retracted before a send asked is not sent.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.broadcast.courier.batching import Batching
from services.broadcast.domain.channels import ChannelStatus
from services.broadcast.domain.contents import ContentStatus
from services.broadcast.domain.deliveries import Cancelled
from services.broadcast.stores import Stores

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Destination:
    """An active channel, as far as sending needs it."""

    channel_id: str
    url: str
    generation: int
    rotations: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found. Without a destination the channel takes nothing any more."""

    called_off: Cancelled | None
    destination: Destination | None


class Looking:
    """Looks for all sends of one courier."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._looks: Batching[Document, Seen] = Batching(self._look_all)

    async def look(self, delivery: Document) -> Seen:
        """What is true of a delivery's content and channel now. Raises StorageError."""
        return await self._looks.ask(delivery)

    async def _look_all(self, deliveries: Sequence[Document]) -> list[Seen]:
        contents = {each["content_id"] for each in deliveries if "content_id" in each}
        channels = {each["channel_id"] for each in deliveries}
        editions, destinations = await asyncio.gather(
            self._editions(contents), self._destinations(channels)
        )
        return [
            Seen(
                called_off=_called_off(each, editions) if "content_id" in each else None,
                destination=destinations.get(each["channel_id"]),
            )
            for each in deliveries
        ]

    async def _editions(self, content_ids: set[str]) -> dict[str, Document]:
        if not content_ids:
            return {}
        found = await self._stores.contents.aggregate(
            [
                {"$match": {"_id": {"$in": list(content_ids)}}},
                {"$project": {"status": "$state.status", "edition": "$state.edition"}},
            ]
        )
        return {each["_id"]: each for each in found}

    async def _destinations(self, channel_ids: set[str]) -> dict[str, Destination]:
        active = {"state.status": ChannelStatus.ACTIVE.value}
        found = await self._stores.channels.aggregate(
            [
                {"$match": {"_id": {"$in": list(channel_ids)}, **active}},
                {
                    "$project": {
                        "url": "$state.url",
                        "generation": "$state.generation",
                        "rotations": "$state.rotations",
                    }
                },
            ]
        )
        return {
            each["_id"]: Destination(
                each["_id"], each["url"], each["generation"], tuple(each.get("rotations", ()))
            )
            for each in found
        }


def _called_off(delivery: Document, editions: dict[str, Document]) -> Cancelled | None:
    content = editions.get(delivery["content_id"])
    if content is None or content["status"] != ContentStatus.PUBLISHED.value:
        return Cancelled.RETRACTED
    if content["edition"] != delivery["edition"]:
        return Cancelled.SUPERSEDED
    return None
