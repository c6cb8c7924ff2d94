"""A group's inbox: the channel that every group has, read by the group itself."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from kentongan.http import Caller, Page, Role, reading
from kentongan.storage.aggregates.store import Stored
from services.broadcast.api.delivery_views import NEWEST, Document, NewestQuery
from services.broadcast.domain.contents import Content
from services.broadcast.stores import Stores


class ContentReceived(BaseModel):
    """A content as it stands now; read it whole at `/v1/contents/{content_id}`."""

    content_id: str
    kind: str
    author: str
    status: str = Field(description="published or retracted")
    edition: int = Field(description="the newest one")
    superseded: bool = Field(description="a newer edition was delivered, or is about to be")
    title: str
    summary: str


class NoticeReceived(BaseModel):
    """A notice of a student who was assigned to the group. No person is named."""

    type: str
    enrolment_id: str
    cohort_id: str
    university_id: str
    university_name: str
    period_start: date
    period_end: date


class Received(BaseModel):
    """One item of the inbox: a content or a notice."""

    id: str
    subject: str
    edition: int | None = Field(description="of the content, as it was delivered")
    delivered_at: datetime
    content: ContentReceived | None = None
    notice: NoticeReceived | None = None


def inbox_router(stores: Stores) -> APIRouter:
    """The query that is the built-in channel."""
    router = APIRouter(tags=["inbox"])

    @router.get("/kims/{kim_id}/inbox", response_model=Page[Received])
    async def inbox(
        kim_id: str,
        query: Annotated[NewestQuery, Query()],
        caller: Annotated[Caller, Depends(reading(Role.KIM))],
    ) -> Page[Received]:
        """Kotak masuk KIM: konten dan pemberitahuan, terbaru dahulu. / A group's inbox: contents
        and notices, the newest first.
        """
        caller.require_kim(kim_id)
        found = await stores.deliveries.find(
            {"kim_id": kim_id, "inbox": True, **query.older()}, sort=NEWEST, limit=query.fetch
        )
        contents = await stores.contents.find(
            {"_id": {"$in": [each["content_id"] for each in found if "content_id" in each]}},
            limit=0,
            without=("editions",),
        )
        notices = await stores.notices.find(
            {"_id": {"$in": [each["notice_id"] for each in found if "notice_id" in each]}},
            limit=0,
        )
        by_content = {stored.id: stored for stored in contents}
        by_notice = {each["_id"]: each for each in notices}
        return query.page(
            found,
            lambda each: _received(each, by_content, by_notice),
            lambda each: (each["planned_at"], each["_id"]),
        )

    return router


def _received(
    delivery: Document,
    contents: Mapping[str, Stored[Content]],
    notices: Mapping[str, dict[str, Any]],
) -> Received:
    content = contents.get(delivery.get("content_id", ""))
    notice = notices.get(delivery.get("notice_id", ""))
    return Received(
        id=delivery["_id"],
        subject=delivery["subject"],
        edition=delivery.get("edition"),
        delivered_at=delivery["delivered_at"],
        content=_content(content.state, delivery["edition"]) if content else None,
        notice=NoticeReceived.model_validate(notice) if notice else None,
    )


def _content(state: Content, delivered: int) -> ContentReceived:
    return ContentReceived(
        content_id=state.content_id,
        kind=state.kind.value,
        author=state.author.value,
        status=state.status.value,
        edition=state.edition,
        superseded=state.edition > delivered,
        title=state.writing.title,
        summary=state.writing.summary,
    )
