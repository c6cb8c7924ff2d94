"""What is sent about contents: the wording, the audience, reasons."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from kentongan.domain.regions import RegionCode
from kentongan.http import Payload
from kentongan.http.requests.fields import LINES, Id, Moment
from services.broadcast.api.fields import Potential, Remark, Slug, Summary, Title, Url
from services.broadcast.domain.audiences import (
    MOST_KIMS,
    MOST_POTENTIALS,
    MOST_REGIONS,
    Audience,
)
from services.broadcast.domain.contents import ContentKind
from services.broadcast.domain.drafting import Draft
from services.broadcast.domain.editions import (
    LONGEST_BODY,
    MOST_LINKS,
    MOST_TAGS,
    Link,
    Writing,
)

Body = Annotated[
    str,
    StringConstraints(max_length=LONGEST_BODY, pattern=LINES),
    Field(description="Markdown (CommonMark). HTML tidak berlaku. / HTML means nothing."),
]
Region = Annotated[RegionCode, Field(examples=["36.71.07"])]

WRITING: dict[str, Any] = {
    "title": "Jadwal imunisasi kecamatan Karawaci",
    "summary": "Imunisasi gratis di semua posyandu pada hari Sabtu.",
    "body": "Imunisasi **gratis** di semua posyandu, Sabtu pukul 08.00 sampai 11.00.",
    "links": [{"title": "Jadwal lengkap", "url": "https://tangerangkota.example.id/imunisasi"}],
    "tags": ["kesehatan"],
}
AUDIENCE: dict[str, Any] = {"regions": ["36.71.07"], "potentials": [], "kim_ids": []}


class LinkGiven(Payload):
    """A public address that the content refers to."""

    title: Title
    url: Url


class AudienceGiven(Payload):
    """Groups in these regions with one of these potentials (none: any), and groups by name."""

    regions: Annotated[list[Region], Field(max_length=MOST_REGIONS)] = Field(default_factory=list)
    potentials: Annotated[list[Potential], Field(max_length=MOST_POTENTIALS)] = Field(
        default_factory=list
    )
    kim_ids: Annotated[list[Id], Field(max_length=MOST_KIMS)] = Field(default_factory=list)

    def audience(self) -> Audience:
        """The same without repeats; the order stays, for pointers to what is at fault."""
        return Audience(
            regions=tuple(dict.fromkeys(self.regions)),
            potentials=tuple(dict.fromkeys(self.potentials)),
            kim_ids=tuple(dict.fromkeys(self.kim_ids)),
        )


class WritingGiven(Payload):
    """What a content says."""

    title: Title
    summary: Summary
    body: Body = ""
    links: Annotated[list[LinkGiven], Field(max_length=MOST_LINKS)] = Field(default_factory=list)
    tags: Annotated[list[Slug], Field(max_length=MOST_TAGS)] = Field(default_factory=list)

    def writing(self) -> Writing:
        """The same, tags without repeats."""
        return Writing(
            title=self.title,
            summary=self.summary,
            body=self.body,
            links=tuple(Link(title=link.title, url=link.url) for link in self.links),
            tags=tuple(dict.fromkeys(self.tags)),
        )


class ContentGiven(WritingGiven):
    """A content to be. Without an audience it is for the author's whole region."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "information", **WRITING, "audience": AUDIENCE}}
    )

    kind: ContentKind
    audience: AudienceGiven | None = None

    def draft(self) -> Draft:
        """The same for the domain."""
        audience = self.audience.audience() if self.audience else None
        return Draft(kind=self.kind, writing=self.writing(), audience=audience)


class CorrectContent(WritingGiven):
    """The whole wording anew, and why; the reason is public."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**WRITING, "reason": "Jamnya keliru."}}
    )

    reason: Remark


class Reasoned(Payload):
    """Why."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Acaranya dibatalkan."}})

    reason: Remark


class PublishContent(Payload):
    """When; without a time, now."""

    model_config = ConfigDict(json_schema_extra={"example": {"at": "2026-10-05T09:00:00+07:00"}})

    at: Moment | None = None


class PreviewAudience(Payload):
    """An audience to be counted."""

    model_config = ConfigDict(json_schema_extra={"example": {"audience": AUDIENCE}})

    audience: AudienceGiven
