"""Who may see and touch which content: its author's side, the office of its region, the public.

Queries carry the scope themselves, so that what lies outside is not found rather than hidden.
"""

from typing import Any

from kentongan.domain.regions import region_pattern
from kentongan.http import Caller, ForeignRegion, NotOwn, Role
from services.broadcast.domain.contents import PUBLIC, Author, Content

Query = dict[str, Any]


def contents_in_scope(caller: Caller | None) -> Query:
    """The public sees what was published; a group also its own, an office also its region's."""
    alternatives: list[Query] = [{"state.status": {"$in": sorted(each.value for each in PUBLIC)}}]
    if caller is not None:
        alternatives += _own(caller)
    return {"$or": alternatives}


def own_contents(caller: Caller) -> Query:
    """What a group wrote, or what lies in an office's region: for queries on the work itself."""
    return {"$or": _own(caller) or [{"_id": {"$in": []}}]}


def side_of(caller: Caller, content: Content) -> Author:
    """As whom a caller acts on a content: as the office, or as the group that wrote it.

    Raises ForeignRegion, NotOwn.
    """
    if caller.has(Role.DISKOMINFO) and caller.covers(content.region_code):
        return Author.CITY
    if _is_author_group(caller, content):
        return Author.KIM
    if caller.has(Role.DISKOMINFO):
        raise ForeignRegion(region=content.region_code)
    raise NotOwn(kind="KIM")


def require_author(caller: Caller, content: Content) -> None:
    """Only the author says it otherwise: the office its own contents, a group its own.

    Raises ForeignRegion, NotOwn.
    """
    if content.author is Author.KIM:
        if not _is_author_group(caller, content):
            raise NotOwn(kind="KIM")
    else:
        side_of(caller, content)


def office_of(caller: Caller) -> str:
    """The region that an office speaks for. Raises ForeignRegion where the token names none."""
    if caller.region is None:
        raise ForeignRegion(region="-")
    return caller.region


def _own(caller: Caller) -> list[Query]:
    alternatives: list[Query] = []
    if caller.has(Role.DISKOMINFO):
        alternatives.append({"state.region_code": {"$regex": region_pattern(caller.region)}})
    if caller.has(Role.KIM) and caller.kim_id:
        alternatives.append({"state.kim_id": caller.kim_id})
    return alternatives


def _is_author_group(caller: Caller, content: Content) -> bool:
    return caller.has(Role.KIM) and caller.kim_id is not None and caller.kim_id == content.kim_id
