"""Who receives: groups by the directory, their webhooks and those of integrators by their wishes.

Plain ids, since they come by the ten thousand.
"""

from collections.abc import Sequence
from typing import Any

from services.broadcast.domain.audiences import Audience
from services.broadcast.domain.channels import ANY_KIND, ChannelStatus, Owner
from services.broadcast.read_models import KimDirectory
from services.broadcast.stores import Stores


class Receivers:
    """Finds the receivers of contents and notices."""

    def __init__(self, stores: Stores, kims: KimDirectory) -> None:
        self._stores = stores
        self._kims = kims

    async def groups(self, audience: Audience, after: str | None, limit: int) -> list[str]:
        """The next groups of an audience, in the order of their ids."""
        return await self._kims.addressed_after(audience, after, limit)

    async def webhooks(
        self, kim_ids: Sequence[str], kind: str | None = None
    ) -> dict[str, list[str]]:
        """The active webhooks of these groups that want this kind of content (None: of notices,
        which all want).
        """
        query: dict[str, Any] = {
            "state.kim_id": {"$in": list(kim_ids)},
            "state.status": ChannelStatus.ACTIVE.value,
        }
        if kind is not None:
            query["state.takes"] = {"$in": [ANY_KIND, kind]}
        found = await self._stores.channels.aggregate(
            [{"$match": query}, {"$project": {"kim_id": "$state.kim_id"}}]
        )
        webhooks: dict[str, list[str]] = {}
        for each in found:
            webhooks.setdefault(each["kim_id"], []).append(each["_id"])
        return webhooks

    async def integrators(self, audience: Audience, kind: str) -> list[str]:
        """The active channels of integrators that want this kind, for regions that it touches."""
        found = await self._stores.channels.aggregate(
            [
                {
                    "$match": {
                        "state.owner_kind": Owner.INTEGRATOR.value,
                        "state.status": ChannelStatus.ACTIVE.value,
                        "state.takes": {"$in": [ANY_KIND, kind]},
                    }
                },
                {"$project": {"regions": "$state.regions"}},
            ]
        )
        return [
            each["_id"]
            for each in found
            if any(audience.touches(region) for region in each["regions"])
        ]
