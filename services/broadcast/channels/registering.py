"""Registering a channel: the owner's seats are taken under a unique index."""

from typing import Any

from kentongan.domain import CommandContext
from kentongan.storage.aggregates.store import Outcome, Stored, derived_id
from kentongan.storage.errors import DuplicateValue, TooManyConflicts
from services.broadcast.domain.channels import Channel, Wanted, free_seat, register_channel
from services.broadcast.domain.errors import TooManyChannels
from services.broadcast.stores import CHANNEL_SEAT, Stores

TRIES = 8


class Registering:
    """Registers channels for groups and integrators."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def register(
        self,
        wanted: Wanted,
        *,
        owner: str,
        kim_id: str | None,
        region_code: str,
        command: CommandContext,
    ) -> Outcome:
        """A new channel in a free seat. Raises TooManyChannels, TooManyConflicts."""
        channel_id = derived_id(command.idempotency)
        for _ in range(TRIES):
            if earlier := await self._stores.channels.answered(channel_id, command):
                return earlier
            try:
                seat = free_seat(await self._taken(owner))
                decision = register_channel(
                    channel_id,
                    wanted,
                    owner=owner,
                    kim_id=kim_id,
                    region_code=region_code,
                    seat=seat,
                    now=command.now,
                )
                return await self._stores.channels.create(
                    channel_id, decision, command, channel_receipt
                )
            except TooManyChannels:
                # The same command, sent twice at once, may have taken the last seat itself.
                if earlier := await self._stores.channels.answered(channel_id, command):
                    return earlier
                raise
            except DuplicateValue as taken:
                if taken.index != CHANNEL_SEAT.name:
                    raise
        raise TooManyConflicts(channel_id, TRIES)

    async def _taken(self, owner: str) -> set[int]:
        held = await self._stores.channels.aggregate(
            [
                {"$match": {"state.owner": owner, "state.seat": {"$gt": 0}}},
                {"$project": {"seat": "$state.seat"}},
            ]
        )
        return {each["seat"] for each in held}


def channel_receipt(stored: Stored[Channel]) -> dict[str, Any]:
    """What commands on channels are answered with; never a secret, since a key keeps it."""
    state = stored.state
    return {
        "id": stored.id,
        "version": stored.version,
        "status": state.status.value,
        "generation": state.generation,
    }
