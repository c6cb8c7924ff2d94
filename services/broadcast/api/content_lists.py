"""Queries on contents: what the public reads, and what its author's side sees beside."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from kentongan.http import (
    Caller,
    DecisionShown,
    Page,
    PageQuery,
    Role,
    public,
    reading,
    show_decisions,
    shown,
)
from services.broadcast.api.content_views import (
    NEWEST,
    ContentListed,
    ContentQuery,
    ContentShown,
    EditionShown,
    list_content,
    place_of,
    show_content,
    show_edition,
)
from services.broadcast.api.scopes import contents_in_scope, own_contents
from services.broadcast.presenting.markdown import safe_html
from services.broadcast.stores import Stores

Anyone = Annotated[Caller | None, Depends(public())]
HISTORY = ("editions",)


def content_lists_router(stores: Stores) -> APIRouter:
    """Queries on contents."""
    router = APIRouter(prefix="/contents", tags=["contents"])

    @router.get("", response_model=Page[ContentListed])
    async def list_contents(
        query: Annotated[ContentQuery, Query()], caller: Anyone
    ) -> Page[ContentListed]:
        """Konten, terbaru dahulu. / Contents, newest first."""
        found = await stores.contents.find(
            {"$and": [query.wanted(), contents_in_scope(caller)]},
            sort=NEWEST,
            limit=query.fetch,
            without=HISTORY,
        )
        return query.page(found, list_content, place_of)

    @router.get("/{content_id}", response_model=ContentShown)
    async def get_content(content_id: str, caller: Anyone) -> JSONResponse:
        """Satu konten. / One content."""
        scope = contents_in_scope(caller)
        stored = await stores.contents.load_within(content_id, scope, without=HISTORY)
        body_html = await safe_html(stored.state.writing.body)
        return shown(show_content(stored, body_html), stored.version)

    @router.get("/{content_id}/history", response_model=Page[EditionShown])
    async def get_history(
        content_id: str, query: Annotated[PageQuery, Query()], caller: Anyone
    ) -> Page[EditionShown]:
        """Semua edisi, terlama dahulu. / All editions, oldest first."""
        scope = contents_in_scope(caller)
        stored = await stores.contents.load_within(content_id, scope)
        after = query.after(int)
        passed = int(str(after[0])) if after else 0
        editions = [each for each in stored.state.editions if each.number > passed]
        return query.page(editions[: query.fetch], show_edition, lambda each: (each.number,))

    @router.get("/{content_id}/decisions", response_model=list[DecisionShown])
    async def get_decisions(
        content_id: str,
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO, Role.KIM))],
    ) -> list[DecisionShown]:
        """Siapa memutuskan apa. / Who decided what."""
        await stores.contents.load_within(content_id, own_contents(caller), without=HISTORY)
        return show_decisions(await stores.contents.decisions(content_id))

    return router
