"""Switching a channel off where nobody receives any more, with a note to its owner."""

from collections.abc import Callable
from datetime import datetime

import structlog

from kentongan.process.own_commands import own_command
from services.broadcast.domain.channels import switch_off
from services.broadcast.domain.deliveries import (
    UNCLAIMED,
    Attempted,
    DeliveryStatus,
    Fault,
    channel_off,
    off_reason,
)
from services.broadcast.domain.delivering import COURIER
from services.broadcast.domain.errors import ImpossibleTransition
from services.broadcast.stores import Stores

ENDED = [DeliveryStatus.DELIVERED.value, DeliveryStatus.FAILED.value]

_log = structlog.get_logger(__name__)


class Switching:
    """Judges a channel by its last deliveries, so that no counter has to be kept beside them."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime], *, in_a_row: int) -> None:
        self._stores = stores
        self._clock = clock
        self._in_a_row = in_a_row

    async def after_giving_up(self, channel_id: str, attempted: Attempted) -> None:
        """Switch the channel off where the receiver is gone, or nothing arrives any more."""
        channel = (await self._stores.channels.load(channel_id)).state
        newest = await self._stores.deliveries.find(
            {
                "channel_id": channel_id,
                "status": {"$in": ENDED},
                "finished_at": {"$gte": channel.activated_at},
                "last.error": {"$ne": Fault.CHANNEL_OFF.value},
            },
            sort=(("planned_at", -1), ("_id", -1)),
            limit=self._in_a_row,
            fields=("status",),
        )
        ended = [DeliveryStatus(each["status"]) for each in newest]
        reason = off_reason(attempted, ended, self._in_a_row)
        if reason is None:
            return
        now = self._clock()
        try:
            await self._stores.channels.change(
                channel_id,
                lambda state: switch_off(state, reason, now),
                own_command("channel.switch-off", COURIER, now),
                lambda stored: {"id": stored.id},
            )
        except ImpossibleTransition:
            return
        _log.warning("channel.switched_off", channel_id=channel_id, reason=reason.value)
        await self.fail_pending(channel_id)

    async def fail_pending(self, channel_id: str) -> int:
        """What waits for a channel that is off; what a courier has in hand, its look will find."""
        waiting = {"channel_id": channel_id, **UNCLAIMED}
        return await self._stores.deliveries.update(waiting, {"$set": channel_off(self._clock())})
