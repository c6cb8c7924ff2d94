"""Groups: proposing one, the public directory, and the trail of decisions."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.calendar import day_in
from kentongan.domain.regions import RegionCode
from kentongan.http import (
    API_PREFIX,
    Caller,
    Commanding,
    DecisionShown,
    Page,
    PageQuery,
    answer,
    commanding,
    documented,
    public,
    reading,
    show_decisions,
    shown,
)
from kentongan.storage.aggregates.store import AggregateStore, derived_id
from kentongan.storage.errors import AggregateNotFound
from services.registry.api.access import EDITORS, require_editor, visible_to, within
from services.registry.api.answers import (
    KimPage,
    KimShown,
    MembersShown,
    Receipt,
    receipt,
    shown_kim,
    shown_members,
    shown_page,
)
from services.registry.api.payloads import KimId, ProposeKim
from services.registry.domain.kim import EXPIRED, Kim, Status, folded
from services.registry.domain.proposing import propose
from services.registry.domain.rules import RuleBook
from services.registry.read_models import CompetitionDirectory
from services.registry.registering.regions import KemendagriRegions

Standing = Literal["proposed", "submitted", "registered", "expired", "suspended", "dissolved"]
_TEXT = Field(min_length=1, max_length=120)


class KimQuery(PageQuery):
    """The filters of the directory; all that are given must hold."""

    region: Annotated[RegionCode | SkipJsonSchema[None], Field(examples=["36.71.07"])] = None
    level: Literal["kelurahan", "kecamatan"] | SkipJsonSchema[None] = None
    status: Standing | SkipJsonSchema[None] = None
    potential: Annotated[str | SkipJsonSchema[None], _TEXT] = None
    name: Annotated[str | SkipJsonSchema[None], _TEXT] = None
    """The whole name of the group or its region, or an alias, in any case: `grendeng`."""


def kims_router(
    store: AggregateStore[Kim],
    regions: KemendagriRegions,
    rules: RuleBook,
    competitions: CompetitionDirectory,
    clock: Callable[[], datetime],
) -> APIRouter:
    """`/kims`: propose, list, show, members, decisions."""
    router = APIRouter(prefix="/kims", tags=["KIM"])

    @router.post("", status_code=201, response_model=Receipt, responses=documented(401, 403, 409))
    async def propose_kim(
        body: ProposeKim,
        command: Annotated[Commanding, Depends(commanding("kim.propose", *EDITORS))],
    ) -> JSONResponse:
        """Usulkan KIM baru. / Propose a new group."""
        command.caller.require_region(body.region_code)
        kim_id = derived_id(command.context.idempotency)
        decision = propose(
            kim_id,
            name=body.name,
            level=body.level,
            region_code=body.region_code,
            region=await regions.find(body.region_code),
            potentials=body.potentials,
            links=[link.link() for link in body.links],
            rules=rules.of(body.region_code),
            now=command.context.now,
        )
        outcome = await store.create(kim_id, decision, command.context, receipt)
        return answer(outcome, location=f"{API_PREFIX}/kims/{kim_id}")

    @router.get("", response_model=Page[KimShown])
    async def list_kims(
        query: Annotated[KimQuery, Query()],
        caller: Annotated[Caller | None, Depends(public())],
    ) -> Page[KimShown]:
        """Direktori KIM, menurut wilayah. / The directory of groups, by region."""
        now = clock()
        conditions = [visible_to(caller), *_filters(query, now)]
        if after := query.after(str, str):
            region, kim_id = after
            behind = {"state.region.code": region, "_id": {"$gt": kim_id}}
            conditions.append({"$or": [{"state.region.code": {"$gt": region}}, behind]})
        found = await store.find(
            {"$and": conditions}, sort=(("state.region.code", 1), ("_id", 1)), limit=query.fetch
        )
        return query.page(
            found,
            lambda stored: shown_kim(stored, day_in(stored.state.region.code, now)),
            lambda stored: (stored.state.region.code, stored.id),
        )

    @router.get("/{kim_id}", response_model=KimPage, responses=documented(404))
    async def show_kim(
        kim_id: KimId, caller: Annotated[Caller | None, Depends(public())]
    ) -> JSONResponse:
        """Profil dan penghargaan sebuah KIM. / A group's profile and awards."""
        found = await store.find({"$and": [{"_id": kim_id}, visible_to(caller)]}, limit=1)
        if not found:
            raise AggregateNotFound(kim_id)
        today = day_in(found[0].state.region.code, clock())
        awards = await competitions.awards_of(kim_id)
        return shown(shown_page(found[0], today, awards), found[0].version)

    @router.get("/{kim_id}/members", response_model=MembersShown, responses=documented(404))
    async def show_members(
        kim_id: KimId, caller: Annotated[Caller, Depends(reading(*EDITORS))]
    ) -> JSONResponse:
        """Anggota: petugas wilayah dan pengurus sendiri. / Members: officers and its own board."""
        stored = await store.load(kim_id)
        require_editor(caller, stored.state)
        return shown(shown_members(stored), stored.version)

    @router.get(
        "/{kim_id}/decisions", response_model=list[DecisionShown], responses=documented(404)
    )
    async def get_decisions(
        kim_id: KimId, caller: Annotated[Caller, Depends(reading(*EDITORS))]
    ) -> list[DecisionShown]:
        """Siapa memutuskan apa, kapan, menurut aturan mana. / Who decided what, when and why."""
        require_editor(caller, (await store.load(kim_id)).state)
        return show_decisions(await store.decisions(kim_id))

    return router


def _filters(query: KimQuery, now: datetime) -> list[dict[str, Any]]:
    conditions: list[dict[str, Any]] = []
    if query.region is not None:
        conditions.append(within(query.region))
    if query.level is not None:
        conditions.append({"state.level": query.level})
    if query.potential is not None:
        conditions.append({"state.potentials": query.potential})
    if query.name is not None:
        conditions.append({"state.names": folded(query.name)})
    if query.status in {EXPIRED, Status.REGISTERED}:
        # Without a region the day is that of Jakarta; dates are stored as ISO text.
        today = day_in(query.region or "", now).isoformat()
        compare = "$lt" if query.status == EXPIRED else "$gte"
        conditions.append({"state.status": Status.REGISTERED.value})
        conditions.append({"state.decree.valid_until": {compare: today}})
    elif query.status is not None:
        conditions.append({"state.status": query.status})
    return conditions
