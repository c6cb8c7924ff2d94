"""Commands on a content's public life: published now or at a time, corrected, taken back."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from kentongan.domain import Decision
from kentongan.http import Commanding, Role, answer, commanding, documented
from services.broadcast.api.content_payloads import CorrectContent, PublishContent, Reasoned
from services.broadcast.api.content_views import ContentReceipt
from services.broadcast.api.scopes import require_author, side_of
from services.broadcast.domain.contents import Author, Content
from services.broadcast.domain.publishing import correct, publish_by_city, publish_by_kim, retract
from services.broadcast.publishing.receipts import content_receipt
from services.broadcast.read_models import KimDirectory
from services.broadcast.stores import Stores

Decide = Callable[[Content], Decision[Content] | Awaitable[Decision[Content]]]


def publications_router(stores: Stores, kims: KimDirectory, wake: Callable[[], None]) -> APIRouter:
    """Commands that the public notices. `wake` tells the courier that it has work."""
    router = APIRouter(prefix="/contents", tags=["contents"])
    authors = (Role.DISKOMINFO, Role.KIM)

    async def changed(content_id: str, decide: Decide, command: Commanding) -> JSONResponse:
        outcome = await stores.contents.change(content_id, decide, command.context, content_receipt)
        wake()
        return answer(outcome)

    @router.post(
        "/{content_id}/publication", response_model=ContentReceipt, responses=documented(409)
    )
    async def publish(
        content_id: str,
        body: PublishContent,
        command: Annotated[Commanding, Depends(commanding("content.publish", *authors))],
    ) -> JSONResponse:
        """Terbitkan sekarang atau pada waktunya. / Publish now or at a time."""
        stored = await stores.contents.load(content_id)
        side = side_of(command.caller, stored.state)

        async def decide(content: Content) -> Decision[Content]:
            if side is Author.CITY or content.kim_id is None:
                return publish_by_city(content, body.at, command.context.now)
            kim = await kims.named_by_command(content.kim_id)
            return publish_by_kim(content, kim, body.at, command.context.now)

        return await changed(content_id, decide, command)

    @router.post(
        "/{content_id}/correction", response_model=ContentReceipt, responses=documented(409)
    )
    async def correct_(
        content_id: str,
        body: CorrectContent,
        command: Annotated[Commanding, Depends(commanding("content.correct", *authors))],
    ) -> JSONResponse:
        """Ralat konten yang sudah terbit. / Correct a published content."""
        stored = await stores.contents.load(content_id)
        require_author(command.caller, stored.state)
        writing = body.writing()
        return await changed(
            content_id,
            lambda content: correct(content, writing, body.reason, command.context.now),
            command,
        )

    @router.post(
        "/{content_id}/retraction", response_model=ContentReceipt, responses=documented(409)
    )
    async def retract_(
        content_id: str,
        body: Reasoned,
        command: Annotated[Commanding, Depends(commanding("content.retract", *authors))],
    ) -> JSONResponse:
        """Tarik konten. / Take a content back."""
        stored = await stores.contents.load(content_id)
        side_of(command.caller, stored.state)
        return await changed(
            content_id,
            lambda content: retract(content, body.reason, command.context.now),
            command,
        )

    return router
