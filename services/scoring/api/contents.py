"""The contents as scoring knows them: what an activity criterion counts, for anyone to compare."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.http import Caller, Page, PageQuery, public
from kentongan.http.requests.fields import Id
from kentongan.storage.projections.directory import DirectoryEntry
from services.scoring.read_models import ContentDirectory


class ContentQuery(PageQuery):
    """Filters of the list of contents."""

    kim: Id | SkipJsonSchema[None] = None

    def wanted(self) -> dict[str, Any]:
        """The query over the directory."""
        wanted: dict[str, Any] = {**self.after_id()}
        if self.kim is not None:
            wanted["entry.kim_id"] = self.kim
        return wanted


class ContentShown(BaseModel):
    """What scoring keeps of a content."""

    id: str
    version: int = Field(description="Versi di broadcast. / The version known here.")
    kim_id: str | None
    kind: str
    status: str
    published_at: datetime


def contents_router(contents: ContentDirectory) -> APIRouter:
    """Queries over the directory of contents."""
    router = APIRouter(prefix="/contents", tags=["contents"])

    @router.get("", response_model=Page[ContentShown])
    async def list_contents(
        query: Annotated[ContentQuery, Query()],
        _caller: Annotated[Caller | None, Depends(public())],
    ) -> Page[ContentShown]:
        """Konten yang dikenal penilaian. / The contents that scoring knows."""
        found = await contents.page(query.wanted(), query.fetch)
        return query.page(found, show_content, lambda known: (known.key,))

    return router


def show_content(known: DirectoryEntry) -> ContentShown:
    """A content as it is known here."""
    facts = {name: known.entry[name] for name in ("kim_id", "kind", "status", "published_at")}
    return ContentShown(id=known.key, version=known.sequence, **facts)
