"""Broadcast as its tests run it."""

from typing import Any

from services.broadcast.app import service
from tests.integration.broadcast.desk import Desk, kim_event
from tests.support import running


class Running(running.Running[Desk]):
    """One process of broadcast; nobody starts its courier."""

    service = service
    desk_of_service = Desk

    def kim(self, kim_id: str) -> Desk:
        return self.desk("kim", region=None, kim_id=kim_id)

    async def tell_kim(self, number: int, status: str = "registered", **changed: object) -> str:
        """What an event of the registry would tell; the group's id."""
        event = kim_event(number, status, **changed)
        await self.tell("kims", event)
        return event.kim_id

    async def recorded(self, content_id: str) -> list[dict[str, Any]]:
        """The events that wait in a content's outbox: their name as `event`, then their data."""
        return [
            {"event": str(entry["type"]).split(".")[-2], **entry["data"]}
            for entry in await self.outbox("contents", content_id)
        ]
