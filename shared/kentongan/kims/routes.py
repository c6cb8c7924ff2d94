"""The groups as a service knows them: public, with the version, so that anyone can compare."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.kims import KimStatus, Potential
from kentongan.domain.regions import RegionCode, region_pattern
from kentongan.http import Caller, Page, PageQuery, public, shown
from kentongan.kims.directory import KimDirectory, KnownKim
from kentongan.storage.errors import AggregateNotFound

Anyone = Annotated[Caller | None, Depends(public())]


class KimQuery(PageQuery):
    """Filters of the list of groups."""

    region: Annotated[
        RegionCode | SkipJsonSchema[None],
        Field(description="Kode wilayah. / Region code.", examples=["36.71"]),
    ] = None
    status: KimStatus | SkipJsonSchema[None] = None
    potential: Annotated[Potential | SkipJsonSchema[None], Field(examples=["kuliner"])] = None

    def wanted(self) -> dict[str, Any]:
        """The query over the directory, in the order of region and id."""
        wanted: list[dict[str, Any]] = []
        if self.region is not None:
            wanted.append({"entry.region_code": {"$regex": region_pattern(self.region)}})
        if self.status is not None:
            wanted.append({"entry.status": self.status.value})
        if self.potential is not None:
            wanted.append({"entry.potentials": self.potential})
        if (after := self.after(str, str)) is not None:
            region_code, kim_id = after
            same_region = {"entry.region_code": region_code, "_id": {"$gt": kim_id}}
            wanted.append({"$or": [{"entry.region_code": {"$gt": region_code}}, same_region]})
        return {"$and": wanted} if wanted else {}


class KimShown(BaseModel):
    """A group's public facts, as this service knows them."""

    id: str
    version: int = Field(description="Versi di registry. / The registry's version known here.")
    changed_at: datetime
    name: str
    status: str
    nik_komunitas: str
    region_code: str
    region_name: str
    level: str
    district_code: str
    district_name: str
    potentials: list[str]
    valid_until: date


def show_kim(known: KnownKim) -> KimShown:
    """A group as the public sees it."""
    facts = known.kim.model_dump(exclude={"kim_id", "city_code"})
    return KimShown(
        id=known.kim.kim_id, version=known.version, changed_at=known.changed_at, **facts
    )


def kims_router(
    kims: KimDirectory,
    *,
    show: Callable[[KnownKim], KimShown] = show_kim,
    shown_as: type[KimShown] = KimShown,
) -> APIRouter:
    """Queries over the directory of groups.

    A service that says more of a group gives its own model, `shown_as`, and what fills it, `show`.
    """
    router = APIRouter(prefix="/kims", tags=["kims"])
    page_shown = Page[shown_as]  # type: ignore[valid-type]  # which one, the service says

    @router.get("", response_model=page_shown)
    async def list_kims(query: Annotated[KimQuery, Query()], _caller: Anyone) -> Page[KimShown]:
        """Daftar KIM yang dikenal layanan ini. / The groups that this service knows."""
        found = await kims.page(query.wanted(), query.fetch)
        return query.page(found, show, lambda known: (known.kim.region_code, known.kim.kim_id))

    @router.get("/{kim_id}", response_model=shown_as)
    async def get_kim(kim_id: str, _caller: Anyone) -> JSONResponse:
        """Satu KIM. / One group."""
        known = await kims.known(kim_id)
        if known is None:
            raise AggregateNotFound(kim_id)
        return shown(show(known), known.version)

    return router
