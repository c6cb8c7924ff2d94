"""Deliveries: of a channel, of a content with its reach, and their replay."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from kentongan.http import (
    Caller,
    Commanding,
    Page,
    Role,
    answer,
    commanding,
    documented,
    reading,
)
from kentongan.storage.errors import AggregateNotFound
from services.broadcast.api.channel_scopes import (
    own_channels,
    visible_channels,
)
from services.broadcast.api.delivery_views import (
    NEWEST,
    ChannelDeliveriesQuery,
    ContentDeliveriesQuery,
    DeliveryShown,
    ReachShown,
    ReplayReceipt,
    show_delivery,
)
from services.broadcast.api.scopes import own_contents
from services.broadcast.delivering.reach import figures_of
from services.broadcast.delivering.replaying import Replaying
from services.broadcast.domain.contents import Content, PlanningStatus
from services.broadcast.stores import Stores


def deliveries_router(stores: Stores, replaying: Replaying, wake: Callable[[], None]) -> APIRouter:
    """Queries on deliveries, and their replay. `wake` tells the courier of it."""
    router = APIRouter(tags=["deliveries"])
    owners = (Role.KIM, Role.INTEGRATOR)

    @router.get("/channels/{channel_id}/deliveries", response_model=Page[DeliveryShown])
    async def of_channel(
        channel_id: str,
        query: Annotated[ChannelDeliveriesQuery, Query()],
        caller: Annotated[Caller, Depends(reading(*owners, Role.DISKOMINFO))],
    ) -> Page[DeliveryShown]:
        """Kiriman terakhir sebuah saluran. / A channel's last deliveries."""
        await stores.channels.load_within(channel_id, visible_channels(caller))
        found = await stores.deliveries.find(
            {"channel_id": channel_id, **query.wanted()}, sort=NEWEST, limit=query.fetch
        )
        return query.page(found, show_delivery, lambda each: (each["planned_at"], each["_id"]))

    @router.get("/contents/{content_id}/deliveries", response_model=Page[DeliveryShown])
    async def of_content(
        content_id: str,
        query: Annotated[ContentDeliveriesQuery, Query()],
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO))],
    ) -> Page[DeliveryShown]:
        """Kiriman sebuah konten, menurut status. / A content's deliveries, by status."""
        newest = (await _own_content(stores, content_id, caller)).edition
        wanted = {"content_id": content_id, "edition": query.edition or newest, **query.wanted()}
        found = (
            await stores.deliveries.find(
                wanted, sort=(("status", 1), ("_id", 1)), limit=query.fetch
            )
            if newest
            else []
        )
        return query.page(found, show_delivery, lambda each: (each["status"], each["_id"]))

    @router.get("/contents/{content_id}/reach", response_model=ReachShown)
    async def reach(
        content_id: str,
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO, Role.KIM))],
    ) -> ReachShown:
        """Jangkauan edisi terbaru. / The reach of the newest edition."""
        content = await _own_content(stores, content_id, caller)
        figures = await figures_of(stores.deliveries, content_id, content.edition)
        return ReachShown(
            content_id=content_id,
            edition=content.edition,
            planning=content.planning.status.value if content.planning else None,
            groups=await _groups(stores, content),
            delivered=figures.delivered,
            failed=figures.failed,
            cancelled=figures.cancelled,
            pending=figures.pending,
            late=figures.late,
        )

    @router.post(
        "/deliveries/{delivery_id}/replay",
        status_code=202,
        response_model=ReplayReceipt,
        responses=documented(409),
    )
    async def replay(
        delivery_id: str,
        command: Annotated[Commanding, Depends(commanding("delivery.replay", *owners))],
    ) -> JSONResponse:
        """Kirim ulang dengan webhook-id yang sama. / Send again, under the same webhook-id."""
        delivery = await stores.deliveries.get(delivery_id)
        if delivery is None or "channel_id" not in delivery:
            raise AggregateNotFound(delivery_id)
        channel = await stores.channels.load_within(
            delivery["channel_id"], own_channels(command.caller)
        )
        outcome = await replaying.replay(delivery, channel, command.context)
        wake()
        return answer(outcome)

    return router


async def _own_content(stores: Stores, content_id: str, caller: Caller) -> Content:
    scope = own_contents(caller)
    stored = await stores.contents.load_within(content_id, scope, without=("editions",))
    return stored.state


async def _groups(stores: Stores, content: Content) -> int:
    """Groups addressed; while they are being planned, those planned so far."""
    planning = content.planning
    if planning is None or planning.status is not PlanningStatus.PLANNING:
        return planning.groups if planning else 0
    so_far = await stores.plannings.get(f"{content.content_id}:{content.edition}")
    return int(so_far["groups"]) if so_far else 0
