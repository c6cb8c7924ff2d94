"""Coverage of a city by district, and the rules in force in a region: open to everyone."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.calendar import day_in
from kentongan.domain.regions import RegionCode, region_pattern
from kentongan.http import Caller, documented, public
from kentongan.storage.aggregates.store import AggregateStore
from services.registry.domain.coverage import Coverage, Seated, by_district, total
from services.registry.domain.errors import RegionUnknown
from services.registry.domain.kim import Kim, Status, standing
from services.registry.domain.regions import Level, Village
from services.registry.domain.rules import RuleBook, Rules
from services.registry.registering.regions import KemendagriRegions

_REGION_EXAMPLES = ["36.71"]


class CoverageQuery(BaseModel):
    """Which city or district, and against which target if not the configured one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: Annotated[
        str,
        Field(pattern=r"^[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?$", examples=_REGION_EXAMPLES),
    ]
    target: Annotated[
        float | SkipJsonSchema[None],
        Field(ge=0, le=100, description="Persen. / Percent.", allow_inf_nan=False),
    ] = None


class RulesQuery(BaseModel):
    """Which region."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: Annotated[RegionCode, Field(examples=_REGION_EXAMPLES)]


class CoverageShown(BaseModel):
    """Figures of one district or of all; `missing` lists the kelurahan whose seat is free."""

    code: str
    name: str
    kelurahan: int
    registered: int
    suspended: int
    expired: int
    percent: float
    target: float
    reached: bool
    missing: list[Village]


class CityCoverage(BaseModel):
    """Coverage on a day: `percent` counts registered groups with a decree in force."""

    as_of: date
    total: CoverageShown
    districts: list[CoverageShown]


def coverage_router(
    store: AggregateStore[Kim],
    regions: KemendagriRegions,
    rules: RuleBook,
    clock: Callable[[], datetime],
) -> APIRouter:
    """`/coverage` and `/rules`."""
    router = APIRouter(tags=["Cakupan"])

    @router.get("/coverage", responses=documented(401))
    async def show_coverage(
        query: Annotated[CoverageQuery, Query()],
        _caller: Annotated[Caller | None, Depends(public())],
    ) -> CityCoverage:
        """Cakupan per kecamatan terhadap target. / Coverage by district against a target."""
        districts = await regions.districts(query.region)
        if not districts:
            raise RegionUnknown(region=query.region)
        in_force = rules.of(query.region)
        today = day_in(query.region, clock())
        target = in_force.coverage_target_percent if query.target is None else query.target
        seated = _seated(await store.aggregate(_seats_within(query.region)), today)
        figures = by_district(districts, seated, target=target)
        name = await regions.name(query.region) or query.region
        return CityCoverage(
            as_of=today,
            total=_shown(total(query.region, name, figures, target=target)),
            districts=[_shown(part) for part in figures],
        )

    @router.get("/rules", responses=documented(401))
    async def show_rules(
        query: Annotated[RulesQuery, Query()],
        _caller: Annotated[Caller | None, Depends(public())],
    ) -> Rules:
        """Aturan yang berlaku di suatu wilayah. / The rules in force in a region."""
        return rules.of(query.region)

    return router


def _seats_within(region: str) -> list[dict[str, Any]]:
    """Who holds the kelurahan of a region, without loading any member."""
    pattern = region_pattern(region).removeprefix("^")
    seats = {"$type": "string", "$regex": rf"^{Level.KELURAHAN}:{pattern}"}
    kept = {
        "code": "$state.region.code",
        "status": "$state.status",
        "valid_until": "$state.decree.valid_until",
    }
    return [{"$match": {"state.seat": seats}}, {"$project": kept}]


def _seated(found: Iterable[dict[str, Any]], today: date) -> list[Seated]:
    return [
        Seated(
            region_code=group["code"],
            standing=standing(
                Status(group["status"]), date.fromisoformat(group["valid_until"]), today
            ),
        )
        for group in found
    ]


def _shown(part: Coverage) -> CoverageShown:
    return CoverageShown(
        code=part.code,
        name=part.name,
        kelurahan=part.kelurahan,
        registered=part.registered,
        suspended=part.suspended,
        expired=part.expired,
        percent=part.percent,
        target=part.target,
        reached=part.reached,
        missing=list(part.missing),
    )
