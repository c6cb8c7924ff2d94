"""Cohorts: opened by diskominfo, with quotas by university; briefing attendance."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from kentongan.domain import Decision
from kentongan.domain.calendar import day_in
from kentongan.http import (
    Caller,
    Commanding,
    Page,
    PageQuery,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    reading,
    shown,
)
from kentongan.http.requests.fields import Day, Name
from kentongan.storage.aggregates.store import Stored, derived_id
from services.placement.api.fields import CohortRegion, Slug
from services.placement.api.scopes import cohorts_in_scope
from services.placement.domain.cohorts import (
    Cohort,
    CohortKind,
    Quota,
    change_quotas,
    open_cohort,
)
from services.placement.domain.errors import UniversityUnknown
from services.placement.stores import Stores


class QuotaGiven(Payload):
    """How many students a university may send."""

    university_id: Slug
    students: Annotated[int, Field(ge=0, le=100_000)]


Quotas = Annotated[list[QuotaGiven], Field(min_length=1, max_length=200)]


class OpenCohort(Payload):
    """A season of placement: its kind, period, briefing, universities, and room per group."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "KKN Kota Tangerang 2026",
                "kind": "kkn",
                "region_code": "36.71",
                "period_start": "2026-07-01",
                "period_end": "2026-08-31",
                "briefing_date": "2026-06-24",
                "quotas": [{"university_id": "budi-luhur", "students": 20}],
                "capacity_per_kim": 3,
            }
        }
    )

    name: Name
    kind: CohortKind
    region_code: CohortRegion
    period_start: Day
    period_end: Day
    briefing_date: Day
    quotas: Quotas
    capacity_per_kim: Annotated[int, Field(ge=1, le=100)] = 3


class ChangeQuotas(Payload):
    """All quotas, anew."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"quotas": [{"university_id": "budi-luhur", "students": 25}]}}
    )

    quotas: Quotas


class CohortShown(BaseModel):
    """A cohort."""

    id: str
    version: int
    name: str
    kind: str
    region_code: str
    period_start: date
    period_end: date
    briefing_date: date
    quotas: list[QuotaGiven]
    capacity_per_kim: int


class CohortReceipt(BaseModel):
    """What commands on cohorts are answered with."""

    id: str
    version: int


Readers = Annotated[
    Caller,
    Depends(reading(Role.DISKOMINFO, Role.CAMPUS, Role.SUPERVISOR, Role.STUDENT)),
]


def cohorts_router(stores: Stores) -> APIRouter:
    """Commands and queries on cohorts."""
    router = APIRouter(prefix="/cohorts", tags=["cohorts"])

    @router.post("", status_code=201, response_model=CohortReceipt, responses=documented(409))
    async def open_(
        body: OpenCohort,
        command: Annotated[Commanding, Depends(commanding("cohort.open", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Buka angkatan. / Open a cohort."""
        command.caller.require_region(body.region_code)
        facts = body.model_dump(exclude={"quotas"})
        decision = open_cohort(Cohort(**facts, quotas=_quotas(body.quotas)))
        await _ensure_universities(stores, body.quotas)
        cohort_id = derived_id(command.context.idempotency)
        outcome = await stores.cohorts.create(cohort_id, decision, command.context, _receipt)
        return answer(outcome, location=f"/v1/cohorts/{cohort_id}")

    @router.put("/{cohort_id}/quotas", response_model=CohortReceipt, responses=documented(409))
    async def replace_quotas(
        cohort_id: str,
        body: ChangeQuotas,
        command: Annotated[
            Commanding,
            Depends(commanding("cohort.change-quotas", Role.DISKOMINFO, overwrites=True)),
        ],
    ) -> JSONResponse:
        """Ganti kuota. / Replace the quotas."""
        cohort = await stores.cohorts.load(cohort_id)
        command.caller.require_region(cohort.state.region_code)
        await _ensure_universities(stores, body.quotas)

        async def decide(state: Cohort) -> Decision[Cohort]:
            enrolled = await _enrolled(stores, cohort_id)
            today = day_in(state.region_code, command.context.now)
            return change_quotas(state, _quotas(body.quotas), enrolled, today)

        return answer(await stores.cohorts.change(cohort_id, decide, command.context, _receipt))

    @router.get("", response_model=Page[CohortShown])
    async def list_cohorts(
        query: Annotated[PageQuery, Query()], caller: Readers
    ) -> Page[CohortShown]:
        """Angkatan dalam lingkup Anda. / The cohorts within your scope."""
        wanted = [cohorts_in_scope(caller), query.after_id()]
        found = await stores.cohorts.find({"$and": wanted}, limit=query.fetch)
        return query.page(found, _show, lambda stored: (stored.id,))

    @router.get("/{cohort_id}", response_model=CohortShown)
    async def get_cohort(cohort_id: str, caller: Readers) -> JSONResponse:
        """Satu angkatan. / One cohort."""
        stored = await stores.cohorts.load_within(cohort_id, cohorts_in_scope(caller))
        return shown(_show(stored), stored.version)

    return router


async def _ensure_universities(stores: Stores, quotas: Iterable[QuotaGiven]) -> None:
    wanted = [quota.university_id for quota in quotas]
    known = {stored.id for stored in await stores.universities.load_many(wanted)}
    for position, university_id in enumerate(wanted):
        if university_id not in known:
            field = f"/quotas/{position}/university_id"
            raise UniversityUnknown(field=field, university=university_id)


async def _enrolled(stores: Stores, cohort_id: str) -> dict[str, int]:
    """Students that hold a seat, by university."""
    counted = await stores.enrolments.aggregate(
        [
            {"$match": {"state.cohort_id": cohort_id, "state.seat": {"$gt": 0}}},
            {"$group": {"_id": "$state.university_id", "students": {"$sum": 1}}},
        ]
    )
    return {each["_id"]: each["students"] for each in counted}


def _quotas(given: Iterable[QuotaGiven]) -> tuple[Quota, ...]:
    return tuple(Quota(university_id=each.university_id, students=each.students) for each in given)


def _show(stored: Stored[Cohort]) -> CohortShown:
    facts = stored.state.model_dump(exclude={"assignments"})
    return CohortShown(id=stored.id, version=stored.version, **facts)


def _receipt(stored: Stored[Cohort]) -> dict[str, Any]:
    return {"id": stored.id, "version": stored.version}
