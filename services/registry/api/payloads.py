"""What commands take. Limits here are about shape; what a city asks for is `domain/rules.py`'s."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Path
from pydantic import ConfigDict, Field, JsonValue

from kentongan.http import Payload
from services.registry.domain import kim as domain
from services.registry.domain.kim import BoardRole, Office
from services.registry.domain.members import Declaration, MemberEntry
from services.registry.domain.regions import Level

Day = date
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Text = Annotated[str, Field(min_length=1, max_length=120, pattern=_PRINTABLE)]
Reason = Annotated[str, Field(min_length=3, max_length=1000, pattern=_LINES)]
KimId = Annotated[str, Path(max_length=64, description="Id KIM. / The group's id.")]
RegionCode = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}(\.[0-9]{4})?$",
        description="Kode Kemendagri. / Kemendagri code.",
        examples=["36.71.07.1013"],
    ),
]
Potentials = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=40)]],
    Field(max_length=20, examples=[["umkm", "kuliner"]]),
]


class LinkPayload(Payload):
    """A public page of the group: never a person's, never a chat."""

    kind: Literal["website", "instagram", "facebook", "tiktok", "youtube", "x", "telegram"]
    url: Annotated[str, Field(max_length=300, pattern=r"^https?://[^\s\x00-\x1f\x7f]+$")]

    def link(self) -> domain.Link:
        """As the decisions take it."""
        return domain.Link(kind=self.kind, url=self.url)


Links = Annotated[list[LinkPayload], Field(max_length=10)]
_LINK_EXAMPLE: dict[str, JsonValue] = {
    "kind": "instagram",
    "url": "https://www.instagram.com/kimgerendeng",
}


class ProposeKim(Payload):
    """A new group, with the region where it works."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "KIM Gerendeng",
                "region_code": "36.71.07.1013",
                "level": "kelurahan",
                "potentials": ["umkm", "kuliner"],
                "links": [_LINK_EXAMPLE],
            }
        }
    )

    name: Text
    region_code: RegionCode
    level: Level
    potentials: Potentials = Field(default_factory=list)
    links: Links = Field(default_factory=list)


class SetProfile(Payload):
    """The whole public profile; what is left out is emptied."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "KIM Gerendeng",
                "potentials": ["umkm", "kuliner", "wisata"],
                "links": [_LINK_EXAMPLE],
                "aliases": ["Grendeng"],
            }
        }
    )

    name: Text
    potentials: Potentials = Field(default_factory=list)
    links: Links = Field(default_factory=list)
    aliases: Annotated[list[Text], Field(max_length=10)] = Field(default_factory=list)


class DeclarationPayload(Payload):
    """A board member's declaration; only its date is kept, never an affiliation."""

    date: Day
    not_civil_servant: bool
    not_affiliated: bool

    def declared(self) -> Declaration:
        """As the decisions take it."""
        return Declaration(
            declared_on=self.date,
            not_civil_servant=self.not_civil_servant,
            not_affiliated=self.not_affiliated,
        )


class MemberPayload(Payload):
    """A member; `anggota` is no board member and declares nothing."""

    name: Text
    birth_date: date
    role: BoardRole
    declaration: DeclarationPayload | None = None

    def entry(self) -> MemberEntry:
        """As the decisions take it."""
        return MemberEntry(
            name=self.name,
            birth_date=self.birth_date,
            role=self.role,
            declaration=None if self.declaration is None else self.declaration.declared(),
        )


class SetMembers(Payload):
    """The whole list of members, board included. Personal data: it never leaves this service."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "members": [
                    {
                        "name": "Contoh Warga",
                        "birth_date": "1990-05-17",
                        "role": "ketua",
                        "declaration": {
                            "date": "2026-01-05",
                            "not_civil_servant": True,
                            "not_affiliated": True,
                        },
                    },
                    {"name": "Warga Contoh", "birth_date": "2001-11-02", "role": "anggota"},
                ]
            }
        }
    )

    members: Annotated[list[MemberPayload], Field(max_length=1000)]


class SetDecree(Payload):
    """The decree (SK): it names the office, never who signed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "number": "148/01/SK/2026",
                "date": "2026-01-12",
                "office": "lurah",
                "region_code": "36.71.07.1013",
                "valid_from": "2026-01-12",
                "valid_until": "2029-01-11",
            }
        }
    )

    number: Annotated[str, Field(min_length=1, max_length=80, pattern=_PRINTABLE)]
    date: Day
    office: Office
    region_code: RegionCode
    valid_from: Day
    valid_until: Day

    def decree(self) -> domain.Decree:
        """As the decisions take it."""
        return domain.Decree(
            number=self.number,
            dated=self.date,
            office=self.office,
            region_code=self.region_code,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class ReturnKim(Payload):
    """Why a submitted group goes back to its board; read by the board, never published."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"reasons": ["Nomor SK tidak terbaca."]}}
    )

    reasons: Annotated[list[Reason], Field(min_length=1, max_length=20)]


class GiveReason(Payload):
    """Why a group is suspended or dissolved; kept with the decision, never published."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Tidak aktif enam bulan."}})

    reason: Reason
