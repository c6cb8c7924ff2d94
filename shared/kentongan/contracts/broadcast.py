"""The events of the broadcast service: the public life of a content, and whom it reached."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from kentongan.contracts.event import Event, Kind, Topic, event

CONTENTS = Topic(
    name="broadcast.contents",
    service="broadcast",
    key="content_id",
    kind=Kind.STATE,
    description="Contents that the city or a group has published, and their reach.",
)


class ContentLink(BaseModel):
    """A public address that a content refers to."""

    title: str = Field(description="what lies there")
    url: str = Field(description="absolute address")


class ContentAudience(BaseModel):
    """Whom a content is addressed to: groups in these regions that have one of these potentials,
    and the groups named one by one.
    """

    regions: list[str] = Field(description="Kemendagri codes, each with all that lies below it")
    potentials: list[str] = Field(description="one of them is enough; empty means any")
    kim_ids: list[str] = Field(description="groups named one by one")


class ContentReach(BaseModel):
    """What became of an edition's deliveries once none is left to be sent."""

    edition: int = Field(description="the edition that was delivered")
    groups: int = Field(description="groups addressed")
    delivered: int = Field(description="deliveries that arrived, those in the inbox included")
    failed: int = Field(description="deliveries given up")
    cancelled: int = Field(description="deliveries called off by a retraction or a correction")
    late: int = Field(description="of those delivered, how many came after the promised time")


class ContentState(Event):
    """A content's whole public state. It names its author as an office or a group, no person."""

    content_id: str = Field(description="the content's opaque id, the same for its whole life")
    kind: str = Field(description="information, potential, achievement, clarification, activity")
    author: str = Field(description="city or kim")
    kim_id: str | None = Field(description="the group that wrote it; none where the city did")
    region_code: str = Field(description="Kemendagri code of the author's city or region")
    status: str = Field(description="published or retracted")
    edition: int = Field(description="1 as first published, one more with each correction")
    title: str = Field(description="one line")
    summary: str = Field(description="one paragraph of plain text")
    body: str = Field(description="Markdown (CommonMark); raw HTML in it means nothing")
    links: list[ContentLink] = Field(description="public addresses that it refers to")
    tags: list[str] = Field(description="words to find it by")
    audience: ContentAudience
    published_at: AwareDatetime = Field(description="when the first edition was published")
    corrected_at: AwareDatetime | None = Field(description="when this edition replaced another")
    retracted_at: AwareDatetime | None = Field(description="when it was taken back")
    reach: ContentReach | None = Field(
        description="whom the newest finished edition reached; none while it is being sent"
    )


EXAMPLE: dict[str, Any] = {
    "content_id": "8d7c0f4a-3c52-5a0f-9a51-5b7a1c2e9f10",
    "kind": "information",
    "author": "city",
    "kim_id": None,
    "region_code": "36.71",
    "status": "published",
    "edition": 1,
    "title": "Jadwal imunisasi kecamatan Karawaci",
    "summary": "Imunisasi gratis di semua posyandu pada hari Sabtu.",
    "body": "Imunisasi **gratis** di semua posyandu, Sabtu pukul 08.00 sampai 11.00.",
    "links": [{"title": "Jadwal lengkap", "url": "https://tangerangkota.example.id/imunisasi"}],
    "tags": ["kesehatan"],
    "audience": {"regions": ["36.71.07"], "potentials": [], "kim_ids": []},
    "published_at": "2026-10-05T02:00:00Z",
    "corrected_at": None,
    "retracted_at": None,
    "reach": None,
}


@event(
    CONTENTS,
    trigger="The city or a group publishes a content, by hand or at the time that was set.",
    readers=("scoring",),
    example=EXAMPLE,
    founding=True,
)
class ContentPublished(ContentState):
    """A content is public: it stands in the feeds, and its deliveries begin."""


@event(
    CONTENTS,
    trigger="The author corrects a published content: a new edition replaces the one before.",
    readers=("scoring",),
    example={
        **EXAMPLE,
        "edition": 2,
        "body": "Imunisasi **gratis** di semua posyandu, Sabtu pukul 09.00 sampai 11.00.",
        "corrected_at": "2026-10-05T04:00:00Z",
    },
)
class ContentCorrected(ContentState):
    """A new edition is public; it is delivered to the whole audience again."""


@event(
    CONTENTS,
    trigger="The author or the city takes a published content back.",
    readers=("scoring",),
    example={**EXAMPLE, "status": "retracted", "retracted_at": "2026-10-05T05:00:00Z"},
)
class ContentRetracted(ContentState):
    """A content is no longer valid: it left the feeds, and deliveries not yet sent are off."""


@event(
    CONTENTS,
    trigger="All deliveries of an edition were planned, and none is left to be sent.",
    readers=("scoring",),
    example={
        **EXAMPLE,
        "reach": {
            "edition": 1,
            "groups": 16,
            "delivered": 21,
            "failed": 1,
            "cancelled": 0,
            "late": 0,
        },
    },
)
class ContentDelivered(ContentState):
    """An edition has reached whom it could reach; `reach` says how many."""


EVENTS: tuple[type[Event], ...] = (
    ContentPublished,
    ContentCorrected,
    ContentRetracted,
    ContentDelivered,
)
