"""Who may touch or see which group: region and ownership, as rules and as queries."""

from collections.abc import Callable
from typing import Any

from kentongan.domain import Decision
from kentongan.domain.regions import region_pattern
from kentongan.http import Caller, Role
from services.registry.domain.kim import Kim

OFFICERS = (Role.DISKOMINFO, Role.VILLAGE)
EDITORS = (*OFFICERS, Role.KIM)

Decide = Callable[[Kim], Decision[Kim]]


def require_editor(caller: Caller, kim: Kim) -> None:
    """Raise ForeignRegion or NotOwn unless an officer of the region, or the group's own board."""
    own = caller.has(Role.KIM) and caller.kim_id == kim.kim_id
    if own:
        return
    if caller.has(*OFFICERS):
        caller.require_region(kim.region.code)
    else:
        caller.require_kim(kim.kim_id)


def by_editor(caller: Caller, decide: Decide) -> Decide:
    """The decision, for an officer of the group's region or its own board only."""

    def checked(kim: Kim) -> Decision[Kim]:
        require_editor(caller, kim)
        return decide(kim)

    return checked


def by_officer(caller: Caller, decide: Decide) -> Decide:
    """The decision, for an officer of the group's region only; the route names the role."""

    def checked(kim: Kim) -> Decision[Kim]:
        caller.require_region(kim.region.code)
        return decide(kim)

    return checked


def visible_to(caller: Caller | None) -> dict[str, Any]:
    """The groups that a caller may see, as a query: with a number all, else in scope or own."""
    seen: list[dict[str, Any]] = [{"state.number": {"$gt": 0}}]
    if caller is not None and caller.has(*OFFICERS):
        seen.append(within(caller.region))
    if caller is not None and caller.has(Role.KIM) and caller.kim_id is not None:
        seen.append({"_id": caller.kim_id})
    return seen[0] if len(seen) == 1 else {"$or": seen}


def within(region: str | None) -> dict[str, Any]:
    """The groups of a region, matched at a dot; none without a region."""
    return {"state.region.code": {"$regex": region_pattern(region)}}
