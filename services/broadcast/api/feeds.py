"""Atom feeds: one for each city, district and kelurahan, and for each kind in it."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.regions import WITHIN_CITY_PATTERN
from kentongan.http import API_PREFIX, Caller, PageQuery, make_cursor, public
from kentongan.storage.aggregates.store import Stored
from services.broadcast.api.content_views import NEWEST, for_region, older_than, place_of
from services.broadcast.domain.contents import Content, ContentKind, ContentStatus
from services.broadcast.presenting.atom import ATOM, FeedPage, atom, entity_tag
from services.broadcast.read_models import KimDirectory
from services.broadcast.stores import Stores

ENTRIES = 30
"""Contents on one page of a feed."""
CACHING = {"Cache-Control": "public, max-age=60"}
"""A retracted content leaves whatever cache lies between within a minute."""
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Atom (RFC 4287), berhalaman (RFC 5005). / paged.",
        "content": {ATOM: {"schema": {"type": "string"}}},
        "headers": {"ETag": {"schema": {"type": "string"}}},
    },
    304: {"description": "Tidak berubah. / Not modified."},
}


class FeedQuery(BaseModel):
    """Which of the region's contents, and which page of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ContentKind | SkipJsonSchema[None] = None
    cursor: Annotated[
        str | SkipJsonSchema[None],
        Field(description="Dari tautan rel=next. / From the link rel=next."),
    ] = None


IfNoneMatch = Annotated[
    str | SkipJsonSchema[None],
    Header(alias="If-None-Match", description="ETag yang terakhir dibaca. / The ETag last read."),
]


def feeds_router(stores: Stores, kims: KimDirectory, public_url: str | None) -> APIRouter:
    """The feeds. `public_url` is how readers reach the service; None takes it from the request."""
    router = APIRouter(prefix="/feeds", tags=["feeds"])

    @router.get("/{region_code}.atom", response_class=Response, responses=ANSWERS)
    async def feed(
        request: Request,
        region_code: Annotated[str, Path(pattern=WITHIN_CITY_PATTERN, examples=["36.71.07"])],
        query: Annotated[FeedQuery, Query()],
        _caller: Annotated[Caller | None, Depends(public())],
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """Umpan Atom sebuah wilayah. / A region's Atom feed."""
        paging = PageQuery(cursor=query.cursor, limit=ENTRIES)
        wanted: list[dict[str, Any]] = [
            {"state.status": ContentStatus.PUBLISHED.value},
            for_region(region_code),
            older_than(paging),
        ]
        if query.kind is not None:
            wanted.append({"state.kind": query.kind.value})
        found = await stores.contents.find(
            {"$and": wanted}, sort=NEWEST, limit=paging.fetch, without=("editions",)
        )
        root = (public_url or str(request.base_url)).rstrip("/") + API_PREFIX
        page = await _page(root, region_code, query, found)
        tag = entity_tag(page)
        headers = {"ETag": tag, **CACHING}
        if _matches(if_none_match, tag):
            return Response(status_code=304, headers=headers)
        return Response(await atom(page), media_type=ATOM, headers=headers)

    async def _page(
        root: str, region_code: str, query: FeedQuery, found: Sequence[Stored[Content]]
    ) -> FeedPage:
        contents = found[:ENTRIES]
        more = make_cursor(place_of(contents[-1])) if len(found) > ENTRIES else None
        written_by = {each.state.kim_id for each in contents if each.state.kim_id}
        authors = await kims.many(written_by) if written_by else {}
        kind = query.kind.value if query.kind else None
        return FeedPage(
            feed_id=":".join(filter(None, ("urn:kentongan:feed", region_code, kind))),
            title=" ".join(filter(None, ("Siaran", region_code, kind and f"({kind})"))),
            own_address=_address(root, region_code, kind, query.cursor),
            first_address=_address(root, region_code, kind, None),
            next_address=_address(root, region_code, kind, more) if more else None,
            contents_address=f"{root}/contents",
            contents=contents,
            authors={kim_id: kim.name for kim_id, kim in authors.items()},
        )

    return router


def _address(root: str, region_code: str, kind: str | None, cursor: str | None) -> str:
    given = {name: value for name, value in (("kind", kind), ("cursor", cursor)) if value}
    return f"{root}/feeds/{region_code}.atom" + (f"?{urlencode(given)}" if given else "")


def _matches(if_none_match: str | None, tag: str) -> bool:
    """RFC 9110: a list, compared weakly, or `*`."""
    if if_none_match is None:
        return False
    given = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return "*" in given or tag in given
