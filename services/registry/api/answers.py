"""What queries and commands answer. Only `MembersShown` is not public."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from kentongan.storage.aggregates.store import Stored
from services.registry.api.problems import warning_texts
from services.registry.domain.kim import Kim, Member
from services.registry.domain.regions import Region
from services.registry.domain.standing import Warned
from services.registry.read_models import Award

Day = date


class WarningShown(BaseModel):
    """Something that stopped nothing, but will be stumbled over."""

    code: str = Field(examples=["seat-taken"])
    detail: str
    detail_en: str


class Receipt(BaseModel):
    """What a command answers: enough to go on with, nothing personal."""

    id: str
    version: int
    status: str = Field(examples=["submitted"])
    nik_komunitas: str | None = Field(default=None, examples=["36.71-0001"])
    warnings: list[WarningShown] = []


def receipt(stored: Stored[Kim], warnings: Sequence[Warned] = ()) -> dict[str, Any]:
    """The receipt of a group as it was just written."""
    return Receipt(
        id=stored.id,
        version=stored.version,
        status=stored.state.status.value,
        nik_komunitas=stored.state.nik_komunitas,
        warnings=[
            WarningShown(code=warned.code, **warning_texts(warned.code, warned.facts))
            for warned in warnings
        ],
    ).model_dump(mode="json", exclude_none=True)


class LinkShown(BaseModel):
    """A public page of the group."""

    kind: str
    url: str


class DecreeShown(BaseModel):
    """The decree, with the office and its region."""

    number: str
    date: Day
    office: str = Field(examples=["lurah"])
    region_code: str
    valid_from: Day
    valid_until: Day


class KimShown(BaseModel):
    """A group's public profile. `version` is its place in the stream of its events."""

    id: str
    version: int
    name: str
    level: str
    region: Region
    status: str = Field(
        description="proposed, submitted, registered, expired, suspended, dissolved"
    )
    nik_komunitas: str | None = Field(examples=["36.71-0001"])
    potentials: list[str]
    links: list[LinkShown]
    member_count: int
    decree: DecreeShown | None
    registered_at: datetime | None


class AwardShown(BaseModel):
    """A prize of a competition, as its results were published."""

    competition_id: str
    competition: str = Field(examples=["Lomba Kampung Digital"])
    prize: str = Field(examples=["Juara 1"])
    rank: int | None = Field(description="none for a special prize")
    published_at: datetime


class KimPage(KimShown):
    """A group's own page: its profile, and what it has won."""

    awards: list[AwardShown]


def shown_page(stored: Stored[Kim], today: date, awards: Sequence[Award]) -> KimPage:
    """A group's page on this day. Awards come from another service's events: no new version."""
    won = [AwardShown(**asdict(award)) for award in awards]
    return KimPage(**shown_kim(stored, today).model_dump(), awards=won)


def shown_kim(stored: Stored[Kim], today: date) -> KimShown:
    """A group as the public sees it on this day."""
    kim = stored.state
    return KimShown(
        id=stored.id,
        version=stored.version,
        name=kim.name,
        level=kim.level.value,
        region=kim.region,
        status=kim.standing(today),
        nik_komunitas=kim.nik_komunitas,
        potentials=list(kim.potentials),
        links=[LinkShown(kind=link.kind, url=link.url) for link in kim.links],
        member_count=len(kim.members),
        decree=kim.decree
        and DecreeShown(
            number=kim.decree.number,
            date=kim.decree.dated,
            office=kim.decree.office.value,
            region_code=kim.decree.region_code,
            valid_from=kim.decree.valid_from,
            valid_until=kim.decree.valid_until,
        ),
        registered_at=kim.registered_at,
    )


class DeclarationShown(BaseModel):
    """A declaration as it can be put in again; only a good one is ever kept."""

    date: Day
    not_civil_servant: bool = True
    not_affiliated: bool = True


class MemberShown(BaseModel):
    """A member, for officers of the region and the group's own board only."""

    name: str
    birth_date: date
    role: str
    declaration: DeclarationShown | None


class MembersShown(BaseModel):
    """The list of members, in the form in which it is put in."""

    id: str
    version: int
    members: list[MemberShown]


def shown_members(stored: Stored[Kim]) -> MembersShown:
    """All members of a group."""
    members = [_member(member) for member in stored.state.members]
    return MembersShown(id=stored.id, version=stored.version, members=members)


def _member(member: Member) -> MemberShown:
    declared_on = member.declared_on
    return MemberShown(
        name=member.name,
        birth_date=member.birth_date,
        role=member.role.value,
        declaration=None if declared_on is None else DeclarationShown(date=declared_on),
    )
