"""A replay: the owner of a channel wants a delivery once more, under the same webhook-id."""

from datetime import timedelta
from typing import Any

from kentongan.domain import CommandContext
from kentongan.storage.aggregates.store import Outcome, Stored
from kentongan.storage.errors import IdempotencyKeyReused, TooManyConflicts
from services.broadcast.domain.channels import Channel, ChannelStatus
from services.broadcast.domain.contents import ContentStatus
from services.broadcast.domain.deliveries import replayed
from services.broadcast.domain.errors import ChannelNotActive, EditionNotCurrent
from services.broadcast.stores import Stores

Document = dict[str, Any]
ACCEPTED = 202


class Replaying:
    """Puts deliveries back to pending. What was retracted or corrected is not sent again."""

    def __init__(self, stores: Stores, *, promise: timedelta) -> None:
        self._stores = stores
        self._promise = promise

    async def replay(
        self, delivery: Document, channel: Stored[Channel], command: CommandContext
    ) -> Outcome:
        """Raises DeliveryNotReplayable, ChannelNotActive, EditionNotCurrent, TooManyConflicts."""
        if earlier := _earlier(delivery, command):
            return earlier
        if channel.state.status is not ChannelStatus.ACTIVE:
            raise ChannelNotActive(status=channel.state.status.value)
        if "content_id" in delivery:
            await self._ensure_current(delivery)
        changed = replayed(delivery, command.now, self._promise)
        receipt = {"id": delivery["_id"], "status": changed["status"]}
        outcome = Outcome(ACCEPTED, receipt, version_of(delivery) + 1)
        if key := command.idempotency:
            changed["replay"] = {"key": key.scoped, "payload_hash": key.payload_hash}
        as_read = {"_id": delivery["_id"], "status": delivery["status"]}
        as_read["replays"] = delivery.get("replays")
        if await self._stores.deliveries.update(as_read, {"$set": changed}):
            return outcome
        now = await self._stores.deliveries.get(delivery["_id"]) or delivery
        if earlier := _earlier(now, command):
            return earlier
        raise TooManyConflicts(delivery["_id"], 1)

    async def _ensure_current(self, delivery: Document) -> None:
        content = (await self._stores.contents.load(delivery["content_id"])).state
        if content.status is not ContentStatus.PUBLISHED or content.edition != delivery["edition"]:
            raise EditionNotCurrent(status=content.status.value, edition=content.edition)


def version_of(delivery: Document) -> int:
    """A delivery's number for ETags: 1, and one more with each replay."""
    replays: int = delivery.get("replays") or 0
    return replays + 1


def _earlier(delivery: Document, command: CommandContext) -> Outcome | None:
    """The answer already given under the key, which the fact itself keeps."""
    kept, key = delivery.get("replay"), command.idempotency
    if kept is None or key is None or kept["key"] != key.scoped:
        return None
    if kept["payload_hash"] != key.payload_hash:
        raise IdempotencyKeyReused
    receipt = {"id": delivery["_id"], "status": "pending"}
    return Outcome(ACCEPTED, receipt, version_of(delivery), replayed=True)
