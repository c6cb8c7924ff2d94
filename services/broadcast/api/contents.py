"""Commands on contents before they are public: drafted, edited, submitted, returned."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from kentongan.domain import Decision
from kentongan.http import Commanding, NotOwn, Role, answer, commanding, documented
from kentongan.storage.aggregates.store import derived_id
from services.broadcast.api.content_payloads import (
    ContentGiven,
    Reasoned,
)
from services.broadcast.api.content_views import ContentReceipt
from services.broadcast.api.scopes import office_of, require_author, side_of
from services.broadcast.domain.contents import Author, Content
from services.broadcast.domain.drafting import (
    draft_by_city,
    draft_by_kim,
    edit_by_city,
    edit_by_kim,
    return_to_draft,
    submit,
)
from services.broadcast.publishing.addressing import Addressing
from services.broadcast.publishing.receipts import content_receipt
from services.broadcast.read_models import KimDirectory
from services.broadcast.stores import Stores

Decide = Callable[[Content], Decision[Content] | Awaitable[Decision[Content]]]


def contents_router(stores: Stores, kims: KimDirectory, addressing: Addressing) -> APIRouter:
    """Commands on contents that nobody reads yet."""
    router = APIRouter(prefix="/contents", tags=["contents"])
    authors = (Role.DISKOMINFO, Role.KIM)

    async def changed(content_id: str, decide: Decide, command: Commanding) -> JSONResponse:
        outcome = await stores.contents.change(content_id, decide, command.context, content_receipt)
        return answer(outcome)

    @router.post("", status_code=201, response_model=ContentReceipt, responses=documented(409))
    async def draft(
        body: ContentGiven,
        command: Annotated[Commanding, Depends(commanding("content.draft", *authors))],
    ) -> JSONResponse:
        """Tulis konten sebagai kota atau KIM. / Draft a content, as the city or as a group."""
        content_id = derived_id(command.context.idempotency)
        outcome = await stores.contents.answered(content_id, command.context)
        if outcome is None:
            decision = await _draft(content_id, body, command)
            outcome = await stores.contents.create(
                content_id, decision, command.context, content_receipt
            )
        return answer(outcome, location=f"/v1/contents/{content_id}")

    async def _draft(content_id: str, body: ContentGiven, command: Commanding) -> Decision[Content]:
        caller, now = command.caller, command.context.now
        given = body.draft()
        if caller.has(Role.DISKOMINFO):
            region = office_of(caller)
            decision = draft_by_city(content_id, given, region, now)
            await addressing.ensure_known(given.audience, region)
            return decision
        if caller.kim_id is None:
            raise NotOwn(kind="KIM")
        kim = await kims.named_by_command(caller.kim_id)
        return draft_by_kim(content_id, given, kim, now)

    @router.put("/{content_id}", response_model=ContentReceipt, responses=documented(409))
    async def edit(
        content_id: str,
        body: ContentGiven,
        command: Annotated[
            Commanding, Depends(commanding("content.edit", *authors, overwrites=True))
        ],
    ) -> JSONResponse:
        """Ubah konsep, atau yang sedang ditinjau. / Change a draft, or what is in review."""
        stored = await stores.contents.load(content_id)
        side = side_of(command.caller, stored.state)
        given, now = body.draft(), command.context.now

        async def decide(content: Content) -> Decision[Content]:
            if side is Author.KIM:
                return edit_by_kim(content, given, now)
            region = office_of(command.caller)
            decision = edit_by_city(content, given, region, now)
            await addressing.ensure_known(given.audience, region)
            return decision

        return await changed(content_id, decide, command)

    @router.post("/{content_id}/review", response_model=ContentReceipt, responses=documented(409))
    async def submit_(
        content_id: str,
        command: Annotated[Commanding, Depends(commanding("content.submit", *authors))],
    ) -> JSONResponse:
        """Ajukan untuk ditinjau. / Submit for review."""
        stored = await stores.contents.load(content_id)
        require_author(command.caller, stored.state)
        return await changed(
            content_id, lambda content: submit(content, command.context.now), command
        )

    @router.post("/{content_id}/return", response_model=ContentReceipt, responses=documented(409))
    async def return_(
        content_id: str,
        body: Reasoned,
        command: Annotated[Commanding, Depends(commanding("content.return", *authors))],
    ) -> JSONResponse:
        """Kembalikan ke penulis. / Return it to its author."""
        stored = await stores.contents.load(content_id)
        side_of(command.caller, stored.state)
        return await changed(
            content_id,
            lambda content: return_to_draft(content, body.reason, command.context.now),
            command,
        )

    return router
