"""Whose channels a caller may see: its own; the office sees those of its region."""

from typing import Any

from kentongan.domain.regions import region_pattern
from kentongan.http import Caller, Role
from services.broadcast.domain.channels import integrator_owner, kim_owner

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
