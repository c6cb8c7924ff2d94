"""Plans: asked for, looked at, confirmed as a whole or thrown away."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from kentongan.domain.regions import region_pattern
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
from kentongan.http.requests.fields import Id
from kentongan.storage.aggregates.store import Stored
from services.placement.api.fields import Slug
from services.placement.domain.plans import Pin, Plan, PlanLine, Unplaced, discard
from services.placement.domain.reasons import worded
from services.placement.placing.confirmation import Confirmation
from services.placement.placing.receipts import plan_receipt
from services.placement.placing.requesting import Requesting
from services.placement.stores import Stores


class PinGiven(Payload):
    """A group that the office has chosen for a student."""

    enrolment_id: Id
    kim_id: Id


class RequestPlan(Payload):
    """What the plan must respect, and whom it is about."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pins": [
                    {
                        "enrolment_id": "3d5d0c8f6a1b4a7e9c2f1b0a8d7e6f54",
                        "kim_id": "0d7b3c1e-9a55-4a38-8c0f-5a1c6f3f4b10",
                    }
                ],
                "universities": ["budi-luhur"],
            }
        }
    )

    pins: Annotated[list[PinGiven], Field(max_length=1000)] = Field(default_factory=list)
    universities: Annotated[
        list[Slug],
        Field(max_length=200, description="Kosong: semua. / Empty: all of the cohort."),
    ] = Field(default_factory=list)


class ReasonShown(BaseModel):
    """Why, for machines and in both languages."""

    code: str
    text: str
    text_en: str


class LineShown(BaseModel):
    """The group proposed for a student."""

    enrolment_id: str
    kim_id: str
    kim_name: str
    region_code: str
    previous_kim_id: str | None
    reasons: list[ReasonShown]


class UnplacedShown(BaseModel):
    """A student without a group, and why."""

    enrolment_id: str
    reasons: list[ReasonShown]


class BalanceShown(BaseModel):
    """How even the plan is."""

    kims: int
    kims_without_students: int
    fewest_students: int
    most_students: int
    same_university_pairs: int


class PlanListed(BaseModel):
    """A plan in a list."""

    id: str
    version: int
    cohort_id: str
    status: str
    requested_at: datetime


class PlanShown(PlanListed):
    """A plan with its lines; without them while it is computed, or where it failed."""

    universities: list[str]
    failure: str | None
    cost: int | None
    moves: int | None
    balance: BalanceShown | None
    lines: list[LineShown]
    unplaced: list[UnplacedShown]


class PlanReceipt(BaseModel):
    """What commands on plans are answered with."""

    id: str
    version: int
    status: str


Office = Annotated[Caller, Depends(reading(Role.DISKOMINFO))]


def plans_router(stores: Stores, requesting: Requesting, confirmation: Confirmation) -> APIRouter:
    """Commands and queries on plans."""
    router = APIRouter(tags=["plans"])

    @router.post(
        "/cohorts/{cohort_id}/plans",
        status_code=202,
        response_model=PlanReceipt,
        responses=documented(409),
    )
    async def request_(
        cohort_id: str,
        body: RequestPlan,
        command: Annotated[Commanding, Depends(commanding("plan.request", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Minta rencana penempatan. / Ask for a plan."""
        cohort = await stores.cohorts.load(cohort_id)
        command.caller.require_region(cohort.state.region_code)
        pins = tuple(Pin(enrolment_id=pin.enrolment_id, kim_id=pin.kim_id) for pin in body.pins)
        outcome = await requesting.request(cohort, pins, tuple(body.universities), command.context)
        return answer(outcome, location=f"/v1/plans/{outcome.answer['id']}")

    @router.get("/cohorts/{cohort_id}/plans", response_model=Page[PlanListed])
    async def list_plans(
        cohort_id: str, query: Annotated[PageQuery, Query()], caller: Office
    ) -> Page[PlanListed]:
        """Rencana sebuah angkatan. / A cohort's plans."""
        wanted = [{"state.cohort_id": cohort_id}, _scope(caller), query.after_id()]
        found = await stores.plans.find({"$and": wanted}, limit=query.fetch)
        return query.page(
            found, lambda stored: PlanListed(**_head(stored)), lambda each: (each.id,)
        )

    @router.get("/plans/{plan_id}", response_model=PlanShown)
    async def get_plan(plan_id: str, caller: Office) -> JSONResponse:
        """Satu rencana dengan alasannya. / One plan with its reasons."""
        stored = await stores.plans.load_within(plan_id, _scope(caller))
        return shown(_show(stored), stored.version)

    @router.post(
        "/plans/{plan_id}/confirmation", response_model=PlanReceipt, responses=documented(409)
    )
    async def confirm(
        plan_id: str,
        command: Annotated[Commanding, Depends(commanding("plan.confirm", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Sahkan seluruh rencana. / Confirm the plan as a whole."""
        await _require_own(stores, plan_id, command.caller)
        return answer(await confirmation.confirm(plan_id, command.context))

    @router.post("/plans/{plan_id}/discard", response_model=PlanReceipt, responses=documented(409))
    async def throw_away(
        plan_id: str,
        command: Annotated[Commanding, Depends(commanding("plan.discard", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Buang rencana. / Throw the plan away."""
        await _require_own(stores, plan_id, command.caller)
        return answer(await stores.plans.change(plan_id, discard, command.context, plan_receipt))

    return router


async def _require_own(stores: Stores, plan_id: str, caller: Caller) -> None:
    plan = await stores.plans.load(plan_id)
    caller.require_region(plan.state.region_code)


def _scope(caller: Caller) -> dict[str, Any]:
    return {"state.region_code": {"$regex": region_pattern(caller.region)}}


def _head(stored: Stored[Plan]) -> dict[str, Any]:
    return {
        "id": stored.id,
        "version": stored.version,
        "cohort_id": stored.state.cohort_id,
        "status": stored.state.status.value,
        "requested_at": stored.state.requested_at,
    }


def _show(stored: Stored[Plan]) -> PlanShown:
    plan = stored.state
    proposal = plan.proposal
    return PlanShown(
        **_head(stored),
        universities=list(plan.universities),
        failure=plan.failure,
        cost=proposal.cost if proposal else None,
        moves=proposal.moves if proposal else None,
        balance=BalanceShown(**proposal.balance.model_dump()) if proposal else None,
        lines=[_line(line) for line in proposal.lines] if proposal else [],
        unplaced=[_unplaced(each) for each in proposal.unplaced] if proposal else [],
    )


def _line(line: PlanLine) -> LineShown:
    return LineShown(**line.model_dump(exclude={"reasons"}), reasons=_reasons(line))


def _unplaced(unplaced: Unplaced) -> UnplacedShown:
    return UnplacedShown(enrolment_id=unplaced.enrolment_id, reasons=_reasons(unplaced))


def _reasons(explained: PlanLine | Unplaced) -> list[ReasonShown]:
    return [ReasonShown(**worded(reason)) for reason in explained.reasons]
