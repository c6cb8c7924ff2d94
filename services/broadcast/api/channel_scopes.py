"""Whose channels a caller may see: its own; the office sees those of its region."""

from typing import Any

from kentongan.domain.regions import region_pattern
from kentongan.http import Caller, Role
from kentongan.storage.aggregates.store import Stored
from kentongan.storage.errors import AggregateNotFound
from services.broadcast.domain.channels import Channel, integrator_owner, kim_owner
from services.broadcast.stores import Stores

Query = dict[str, Any]


def own_channels(caller: Caller) -> Query:
    """The channels that a caller may change: a group's or an integrator's."""
    owners = []
    if caller.has(Role.KIM) and caller.kim_id:
        owners.append(kim_owner(caller.kim_id))
    if caller.has(Role.INTEGRATOR):
        owners.append(integrator_owner(caller.sub))
    return {"state.owner": {"$in": owners}}


def visible_channels(caller: Caller) -> Query:
    """The channels that a caller may look at."""
    alternatives = [own_channels(caller)]
    if caller.has(Role.DISKOMINFO):
        alternatives.append({"state.region_code": {"$regex": region_pattern(caller.region)}})
    return {"$or": alternatives}


async def channel_in_scope(stores: Stores, channel_id: str, scope: Query) -> Stored[Channel]:
    """A channel that the scope holds. Raises AggregateNotFound for any other."""
    for stored in await stores.channels.find({"$and": [{"_id": channel_id}, scope]}, limit=1):
        return stored
    raise AggregateNotFound(channel_id)
