"""The events of the registry service: the public life of a KIM, from its registration on."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, Field

from kentongan.contracts.event import Day, Event, Kind, Topic, event

KIMS = Topic(
    name="registry.kims",
    service="registry",
    key="kim_id",
    kind=Kind.STATE,
    description="Groups (KIM) with a nik_komunitas: their public profile and standing.",
)


class Region(BaseModel):
    """Where a group works: a Kemendagri code with its names; aliases are spellings in daily use."""

    code: str = Field(description="Kemendagri code, e.g. 36.71.07.1013")
    name: str = Field(description="official name, e.g. Gerendeng")
    level: str = Field(description="kelurahan or kecamatan")
    district_code: str = Field(description="code of the kecamatan, e.g. 36.71.07")
    district_name: str = Field(description="name of the kecamatan, e.g. Karawaci")
    city_code: str = Field(description="code of the kabupaten or kota, e.g. 36.71")
    aliases: list[str] = Field(
        default_factory=list, description="other spellings of the name in daily use"
    )


class PublicLink(BaseModel):
    """A public address of the group, never of a person."""

    kind: str = Field(description="website, instagram, facebook, tiktok, youtube, x, telegram")
    url: str = Field(description="absolute address")


class Decree(BaseModel):
    """The decree (SK) that founds the group. It names the office, not the person who signed."""

    number: str = Field(description="as the office wrote it, e.g. 148/01/SK/2026")
    date: Day = Field(description="the day it was issued")
    office: str = Field(description="lurah or camat, with the region's code: lurah:36.71.07.1013")
    valid_from: Day = Field(description="first day of validity")
    valid_until: Day = Field(description="last day of validity, included")


class KimState(Event):
    """A group's whole public state. No member, no board, no reason ever appears here."""

    kim_id: str = Field(description="the group's opaque id, the same for its whole life")
    name: str = Field(description="the group's name, e.g. KIM Gerendeng")
    region: Region
    status: str = Field(description="registered, suspended or dissolved")
    nik_komunitas: str = Field(description="the group's registration number, issued by Diskominfo")
    potentials: list[str] = Field(
        description="umkm, kuliner, wisata, kwt, proklim, ketahanan-pangan, seni-budaya"
    )
    links: list[PublicLink] = Field(
        default_factory=list, description="public addresses of the group"
    )
    member_count: int = Field(description="number of members, the board included")
    decree: Decree
    registered_at: AwareDatetime = Field(description="when the nik_komunitas was issued")


EXAMPLE: dict[str, Any] = {
    "kim_id": "5f0c2f4e-7a55-5bd0-9a3e-0d0c4f6a8b11",
    "name": "KIM Gerendeng",
    "region": {
        "code": "36.71.07.1013",
        "name": "Gerendeng",
        "level": "kelurahan",
        "district_code": "36.71.07",
        "district_name": "Karawaci",
        "city_code": "36.71",
        "aliases": ["Grendeng"],
    },
    "status": "registered",
    "nik_komunitas": "36.71-0001",
    "potentials": ["umkm", "kuliner"],
    "links": [{"kind": "website", "url": "https://kim-gerendeng.example.id"}],
    "member_count": 12,
    "decree": {
        "number": "148/01/SK/2026",
        "date": "2026-01-12",
        "office": "lurah:36.71.07.1013",
        "valid_from": "2026-01-12",
        "valid_until": "2029-01-11",
    },
    "registered_at": "2026-01-20T02:00:00Z",
}


@event(
    KIMS,
    trigger="Diskominfo registers a complete group and issues its nik_komunitas.",
    readers=("broadcast", "placement", "scoring"),
    example=EXAMPLE,
    founding=True,
)
class KimRegistered(KimState):
    """A group is registered: from now on it may receive students and contents."""


@event(
    KIMS,
    trigger="The profile, the number of members or the decree of a group with a number changed.",
    readers=("broadcast", "placement", "scoring"),
    example={**EXAMPLE, "potentials": ["umkm", "kuliner", "wisata"]},
)
class KimUpdated(KimState):
    """A registered or suspended group's public profile changed."""


@event(
    KIMS,
    trigger="Diskominfo suspends a registered group.",
    readers=("broadcast", "placement", "scoring"),
    example={**EXAMPLE, "status": "suspended"},
)
class KimSuspended(KimState):
    """A group is suspended: it keeps its seat and number, and receives no students."""


@event(
    KIMS,
    trigger="Diskominfo lifts a suspension.",
    readers=("broadcast", "placement", "scoring"),
    example=EXAMPLE,
)
class KimReinstated(KimState):
    """A suspended group is registered again."""


@event(
    KIMS,
    trigger="Diskominfo dissolves a group.",
    readers=("broadcast", "placement", "scoring"),
    example={**EXAMPLE, "status": "dissolved"},
)
class KimDissolved(KimState):
    """A group is dissolved for good; its seat is free, its number is never used again."""


EVENTS: tuple[type[Event], ...] = (
    KimRegistered,
    KimUpdated,
    KimSuspended,
    KimReinstated,
    KimDissolved,
)
