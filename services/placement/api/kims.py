"""The groups as placement knows them: public, with the version, so that anyone can compare."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.calendar import Calendar
from kentongan.domain.regions import RegionCode, region_pattern
from kentongan.http import Caller, Page, PageQuery, public, shown
from kentongan.storage.errors import AggregateNotFound
from services.placement.domain.kims import KimStatus, standing
from services.placement.read_models import KimDirectory, KnownKim

POTENTIAL = r"^[a-z][a-z0-9-]{1,39}$"
"""The form of a potential; which ones there are, a city says in the registry's rules."""
Anyone = Annotated[Caller | None, Depends(public())]


class KimQuery(PageQuery):
    """Filters of the list of groups."""

    region: Annotated[
        RegionCode | SkipJsonSchema[None],
        Field(description="Kode wilayah. / Region code.", examples=["36.71"]),
    ] = None
    status: KimStatus | SkipJsonSchema[None] = None
    potential: Annotated[
        str | SkipJsonSchema[None], Field(pattern=POTENTIAL, examples=["kuliner"])
    ] = None


class KimShown(BaseModel):
    """A group's public facts as far as placement needs them."""

    id: str
    version: int = Field(description="Versi di registry. / The registry's version known here.")
    changed_at: datetime
    name: str
    status: str
    accepts_students: bool
    flag: str | None = Field(description="Mengapa tidak menerima. / Why it accepts none.")
    nik_komunitas: str
    region_code: str
    region_name: str
    level: str
    district_code: str
    district_name: str
    potentials: list[str]
    valid_until: date


def kims_router(kims: KimDirectory, calendar: Calendar) -> APIRouter:
    """Queries over the directory of groups."""
    router = APIRouter(prefix="/kims", tags=["kims"])

    @router.get("", response_model=Page[KimShown])
    async def list_kims(query: Annotated[KimQuery, Query()], _caller: Anyone) -> Page[KimShown]:
        """Daftar KIM yang dikenal penempatan. / The groups that placement knows."""
        found = await kims.page(_filter(query), query.fetch)
        return query.page(
            found,
            lambda known: show_kim(known, calendar),
            lambda known: (known.kim.region_code, known.kim.kim_id),
        )

    @router.get("/{kim_id}", response_model=KimShown)
    async def get_kim(kim_id: str, _caller: Anyone) -> JSONResponse:
        """Satu KIM. / One group."""
        known = await kims.known(kim_id)
        if known is None:
            raise AggregateNotFound(kim_id)
        return shown(show_kim(known, calendar), known.version)

    return router


def show_kim(known: KnownKim, calendar: Calendar) -> KimShown:
    """A group as the public sees it today."""
    flag = standing(known.kim, calendar.today(known.kim.region_code))
    facts = known.kim.model_dump(exclude={"kim_id", "city_code"})
    return KimShown(
        id=known.kim.kim_id,
        version=known.version,
        changed_at=known.changed_at,
        accepts_students=flag is None,
        flag=flag.value if flag else None,
        **facts,
    )


def _filter(query: KimQuery) -> dict[str, Any]:
    wanted: list[dict[str, Any]] = []
    if query.region is not None:
        wanted.append({"entry.region_code": {"$regex": region_pattern(query.region)}})
    if query.status is not None:
        wanted.append({"entry.status": query.status.value})
    if query.potential is not None:
        wanted.append({"entry.potentials": query.potential})
    after = query.after(str, str)
    if after is not None:
        region_code, kim_id = after
        wanted.append(
            {
                "$or": [
                    {"entry.region_code": {"$gt": region_code}},
                    {"entry.region_code": region_code, "_id": {"$gt": kim_id}},
                ]
            }
        )
    return {"$and": wanted} if wanted else {}
