"""The bodies that are being sent: made once an edition, kept while it is sent."""

from collections import OrderedDict
from typing import Any

from services.broadcast.courier.webhooks import content_body, notice_body
from services.broadcast.stores import Stores

KEPT = 64
"""Editions; a body is some 20 kB at most."""


class Bodies:
    """Builds and remembers request bodies. An edition's wording never changes, nor a notice's."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._kept: OrderedDict[str, str] = OrderedDict()

    async def of(self, delivery: dict[str, Any]) -> str | None:
        """The body; None where the edition was replaced since the look, or the notice is gone."""
        if delivery["subject"] == "notice":
            notice = await self._stores.notices.get(delivery["notice_id"])
            return notice_body(notice) if notice else None
        key = f"{delivery['content_id']}:{delivery['edition']}"
        if (body := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return body
        content = (await self._stores.contents.load(delivery["content_id"])).state
        if content.edition != delivery["edition"]:
            return None
        body = self._kept[key] = content_body(content)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return body
