"""How a content is shown, and what its lists filter by."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.regions import RegionCode
from kentongan.http import PageQuery
from kentongan.storage.aggregates.store import Stored
from services.broadcast.api.fields import Slug
from services.broadcast.domain.contents import Content, ContentKind, ContentStatus
from services.broadcast.domain.editions import Edition

NEWEST = (("state.updated_at", -1), ("_id", 1))
"""The order of lists and feeds."""


class ContentQuery(PageQuery):
    """Filters of the list of contents, newest first."""

    kind: ContentKind | SkipJsonSchema[None] = None
    region: Annotated[
        RegionCode | SkipJsonSchema[None],
        Field(description="Untuk wilayah ini. / For this region.", examples=["36.71.07"]),
    ] = None
    kim: Annotated[
        str | SkipJsonSchema[None], Field(description="Ditulis KIM ini. / Written by this group.")
    ] = None
    tag: Slug | SkipJsonSchema[None] = None
    status: Annotated[
        ContentStatus | SkipJsonSchema[None],
        Field(
            description="Selain published dan retracted hanya untuk penulis dan diskominfo. / "
            "Others than published and retracted are for their authors and diskominfo."
        ),
    ] = None

    def wanted(self) -> dict[str, Any]:
        """The query's own part."""
        status = self.status or ContentStatus.PUBLISHED
        wanted: list[dict[str, Any]] = [{"state.status": status.value}]
        if self.kind is not None:
            wanted.append({"state.kind": self.kind.value})
        if self.region is not None:
            wanted.append(for_region(self.region))
        if self.kim is not None:
            wanted.append({"state.kim_id": self.kim})
        if self.tag is not None:
            wanted.append({"state.writing.tags": self.tag})
        return {"$and": [*wanted, older_than(self)]}


def for_region(region_code: str) -> dict[str, Any]:
    """Contents whose audience has the region, one around it, or one within it."""
    parts = region_code.split(".")
    around = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    within = {"$regex": rf"^{re.escape(region_code)}\."}
    return {
        "$or": [{"state.audience.regions": {"$in": around}}, {"state.audience.regions": within}]
    }


def older_than(query: PageQuery) -> dict[str, Any]:
    """What follows the cursor in a list that goes by `NEWEST`; all on the first page."""
    after = query.after(datetime, str)
    if after is None:
        return {}
    moment, content_id = after
    return {
        "$or": [
            {"state.updated_at": {"$lt": moment}},
            {"state.updated_at": moment, "_id": {"$gt": content_id}},
        ]
    }


def place_of(stored: Stored[Content]) -> tuple[datetime, str]:
    """A content's sort values in such a list."""
    return (stored.state.updated_at, stored.id)


class AudienceShown(BaseModel):
    """Whom a content is addressed to."""

    regions: list[str]
    potentials: list[str]
    kim_ids: list[str]


class LinkShown(BaseModel):
    """A public address."""

    title: str
    url: str


class ContentListed(BaseModel):
    """A content in a list."""

    id: str
    version: int
    kind: str
    author: str
    kim_id: str | None
    region_code: str
    status: str
    edition: int
    title: str
    summary: str
    tags: list[str]
    audience: AudienceShown
    updated_at: datetime
    publish_at: datetime | None
    published_at: datetime | None
    corrected_at: datetime | None
    retracted_at: datetime | None


class ContentShown(ContentListed):
    """A content. `return_reason` stands on drafts only, which the public doesn't see."""

    body: str
    body_html: str = Field(description="HTML yang aman. / Safe HTML.")
    links: list[LinkShown]
    return_reason: str | None
    retraction_reason: str | None


class EditionShown(BaseModel):
    """One wording in a content's history."""

    edition: int
    at: datetime
    reason: str | None
    title: str
    summary: str
    body: str
    links: list[LinkShown]
    tags: list[str]


class ContentReceipt(BaseModel):
    """What commands on contents are answered with."""

    id: str
    version: int
    status: str
    edition: int


def list_content(stored: Stored[Content]) -> ContentListed:
    """A content's line in a list."""
    return ContentListed(**_head(stored))


def show_content(stored: Stored[Content], body_html: str) -> ContentShown:
    """A content with its body."""
    state = stored.state
    return ContentShown(
        **_head(stored),
        body=state.writing.body,
        body_html=body_html,
        links=[LinkShown(**link.model_dump()) for link in state.writing.links],
        return_reason=state.return_reason,
        retraction_reason=state.retraction_reason,
    )


def show_edition(edition: Edition) -> EditionShown:
    """A wording of the history."""
    return EditionShown(
        edition=edition.number, at=edition.at, reason=edition.reason, **edition.writing.model_dump()
    )


def _head(stored: Stored[Content]) -> dict[str, Any]:
    state = stored.state
    same = {"kim_id", "region_code", "edition", "updated_at", "publish_at"}
    moments = {"published_at", "corrected_at", "retracted_at"}
    return {
        "id": stored.id,
        "version": stored.version,
        "kind": state.kind.value,
        "author": state.author.value,
        "status": state.status.value,
        "title": state.writing.title,
        "summary": state.writing.summary,
        "tags": list(state.writing.tags),
        "audience": AudienceShown(**state.audience.model_dump()),
        **state.model_dump(include=same | moments),
    }
