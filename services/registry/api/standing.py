"""A group's standing: submission, registration, return, suspension, reinstatement, dissolution."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from kentongan.domain import Decision
from kentongan.http import Commanding, Role, answer, commanding, documented
from kentongan.storage.aggregates.store import AggregateStore
from services.registry.api.access import EDITORS, by_officer, require_editor
from services.registry.api.answers import Receipt, receipt
from services.registry.api.payloads import GiveReason, KimId, ReturnKim
from services.registry.domain import standing
from services.registry.domain.kim import Kim
from services.registry.domain.rules import RuleBook
from services.registry.registering.numbering import Numbering

_RESPONSES = documented(401, 403, 404, 409)


def standing_router(store: AggregateStore[Kim], numbering: Numbering, rules: RuleBook) -> APIRouter:
    """The transitions of a group's life, one route each."""
    router = APIRouter(prefix="/kims/{kim_id}", tags=["Status KIM"])

    @router.post("/submission", response_model=Receipt, responses=_RESPONSES)
    async def submit(
        kim_id: KimId,
        command: Annotated[Commanding, Depends(commanding("kim.submit", *EDITORS))],
    ) -> JSONResponse:
        """Ajukan KIM yang lengkap. / Submit a complete group; warns if its seat is taken."""
        warnings: tuple[standing.Warned, ...] = ()

        async def decide(kim: Kim) -> Decision[Kim]:
            nonlocal warnings
            require_editor(command.caller, kim)
            in_force = rules.of(kim.region.code)
            decision = standing.submit(kim, rules=in_force, now=command.context.now)
            holder = await numbering.seat_holder(kim.wanted_seat)
            warnings = standing.submission_warnings(
                kim, seat_holder=holder, rules=in_force, now=command.context.now
            )
            return decision

        outcome = await store.change(
            kim_id, decide, command.context, lambda stored: receipt(stored, warnings)
        )
        return answer(outcome)

    @router.post("/registration", response_model=Receipt, responses=_RESPONSES)
    async def register(
        kim_id: KimId,
        command: Annotated[Commanding, Depends(commanding("kim.register", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Daftarkan dan terbitkan NIK komunitas. / Register and issue the nik_komunitas."""

        def registering(kim: Kim, number: int) -> Decision[Kim]:
            command.caller.require_region(kim.region.code)
            return standing.register(
                kim, number=number, rules=rules.of(kim.region.code), now=command.context.now
            )

        return answer(await numbering.register(kim_id, registering, command.context, receipt))

    @router.post("/return", response_model=Receipt, responses=_RESPONSES)
    async def return_to_board(
        kim_id: KimId,
        body: ReturnKim,
        command: Annotated[Commanding, Depends(commanding("kim.return", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Kembalikan dengan alasan. / Return with reasons."""
        decide = by_officer(
            command.caller, lambda kim: standing.return_with_reasons(kim, body.reasons)
        )
        return answer(await store.change(kim_id, decide, command.context, receipt))

    @router.post("/suspension", response_model=Receipt, responses=_RESPONSES)
    async def suspend(
        kim_id: KimId,
        body: GiveReason,
        command: Annotated[Commanding, Depends(commanding("kim.suspend", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Bekukan. / Suspend: seat and number stay, no more students."""
        decide = by_officer(command.caller, lambda kim: standing.suspend(kim, body.reason))
        return answer(await store.change(kim_id, decide, command.context, receipt))

    @router.post("/reinstatement", response_model=Receipt, responses=_RESPONSES)
    async def reinstate(
        kim_id: KimId,
        command: Annotated[Commanding, Depends(commanding("kim.reinstate", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Aktifkan kembali. / Lift a suspension."""
        now = command.context.now
        decide = by_officer(
            command.caller,
            lambda kim: standing.reinstate(kim, rules=rules.of(kim.region.code), now=now),
        )
        return answer(await store.change(kim_id, decide, command.context, receipt))

    @router.post("/dissolution", response_model=Receipt, responses=_RESPONSES)
    async def dissolve(
        kim_id: KimId,
        body: GiveReason,
        command: Annotated[Commanding, Depends(commanding("kim.dissolve", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Bubarkan. / Dissolve: the seat is free again."""
        decide = by_officer(command.caller, lambda kim: standing.dissolve(kim, body.reason))
        return answer(await store.change(kim_id, decide, command.context, receipt))

    return router
