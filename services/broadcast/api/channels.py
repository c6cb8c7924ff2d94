"""Channels: webhooks that groups and integrators register, rotate, activate and give up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from kentongan.domain import Decision
from kentongan.http import (
    Caller,
    Commanding,
    ForeignRegion,
    NotOwn,
    Page,
    Role,
    answer,
    commanding,
    documented,
    reading,
    shown,
)
from kentongan.storage.aggregates.store import Outcome
from services.broadcast.api.channel_scopes import (
    own_channels,
    visible_channels,
)
from services.broadcast.api.channel_views import (
    ChannelQuery,
    ChannelReceipt,
    ChannelSecret,
    ChannelShown,
    RegisterChannel,
    show_channel,
)
from services.broadcast.channels.registering import Registering, channel_receipt
from services.broadcast.channels.switching import Switching
from services.broadcast.domain.channels import (
    Channel,
    activate,
    integrator_owner,
    kim_owner,
    remove,
    rotate_secret,
)
from services.broadcast.domain.errors import RegionsForIntegratorOnly
from services.broadcast.domain.secrets import SigningSecrets
from services.broadcast.domain.targets import ensure_allowed
from services.broadcast.read_models import KimDirectory
from services.broadcast.stores import Stores

OWNERS = (Role.KIM, Role.INTEGRATOR)


def channels_router(
    stores: Stores,
    kims: KimDirectory,
    registering: Registering,
    switching: Switching,
    secrets: SigningSecrets,
    *,
    private_targets: bool,
) -> APIRouter:
    """Commands and queries on channels."""
    router = APIRouter(prefix="/channels", tags=["channels"])
    readers = reading(*OWNERS, Role.DISKOMINFO)

    def with_secret(outcome: Outcome) -> Outcome:
        """The secret is derived for the answer; what the store keeps of it holds none."""
        receipt = outcome.answer
        secret = secrets.of(receipt["id"], receipt["generation"])
        return replace(outcome, answer=receipt | {"secret": secret})

    async def changed(
        channel_id: str, decide: Callable[[Channel], Decision[Channel]], command: Commanding
    ) -> Outcome:
        await stores.channels.load_within(channel_id, own_channels(command.caller))
        return await stores.channels.change(channel_id, decide, command.context, channel_receipt)

    @router.post("", status_code=201, response_model=ChannelSecret, responses=documented(409))
    async def register(
        body: RegisterChannel,
        command: Annotated[Commanding, Depends(commanding("channel.register", *OWNERS))],
    ) -> JSONResponse:
        """Daftarkan webhook; rahasianya hanya ditampilkan di sini. / Register a webhook; its
        secret is shown here only.
        """
        caller = command.caller
        ensure_allowed(body.url, private_targets=private_targets)
        if caller.has(Role.KIM):
            if caller.kim_id is None:
                raise NotOwn(kind="KIM")
            if body.regions:
                raise RegionsForIntegratorOnly(field="/regions")
            owner = kim_owner(caller.kim_id)
            region = (await kims.named_by_command(caller.kim_id)).region_code
        else:
            owner, region = integrator_owner(caller.sub), _region_of(caller, body.regions)
        outcome = await registering.register(
            body.wanted(),
            owner=owner,
            kim_id=caller.kim_id if caller.has(Role.KIM) else None,
            region_code=region,
            command=command.context,
        )
        return answer(with_secret(outcome), location=f"/v1/channels/{outcome.answer['id']}")

    @router.get("", response_model=Page[ChannelShown])
    async def channels(
        query: Annotated[ChannelQuery, Query()], caller: Annotated[Caller, Depends(readers)]
    ) -> Page[ChannelShown]:
        """Saluran sendiri; Diskominfo melihat semua di wilayahnya. / One's own channels; the
        office sees all of its region.
        """
        wanted = {"$and": [visible_channels(caller), query.wanted()]}
        found = await stores.channels.find(wanted, limit=query.fetch)
        return query.page(found, show_channel, lambda stored: (stored.id,))

    @router.get("/{channel_id}", response_model=ChannelShown)
    async def channel(channel_id: str, caller: Annotated[Caller, Depends(readers)]) -> JSONResponse:
        """Satu saluran. / One channel."""
        stored = await stores.channels.load_within(channel_id, visible_channels(caller))
        return shown(show_channel(stored), stored.version)

    @router.post("/{channel_id}/secret", response_model=ChannelSecret, responses=documented(409))
    async def rotate(
        channel_id: str,
        command: Annotated[Commanding, Depends(commanding("channel.rotate-secret", *OWNERS))],
    ) -> JSONResponse:
        """Ganti rahasia; yang lama masih menandatangani 24 jam, paling banyak empat kali dalam 24
        jam. / Rotate the secret; the old one still signs beside it for 24 hours, so four times
        within 24 hours at most.
        """
        now = command.context.now
        outcome = await changed(channel_id, lambda state: rotate_secret(state, now), command)
        return answer(with_secret(outcome))

    @router.post(
        "/{channel_id}/activation", response_model=ChannelReceipt, responses=documented(409)
    )
    async def activate_(
        channel_id: str,
        command: Annotated[Commanding, Depends(commanding("channel.activate", *OWNERS))],
    ) -> JSONResponse:
        """Aktifkan lagi saluran yang dimatikan. / Activate a channel that was switched off."""
        now = command.context.now
        return answer(await changed(channel_id, lambda state: activate(state, now), command))

    @router.post("/{channel_id}/removal", response_model=ChannelReceipt, responses=documented(409))
    async def remove_(
        channel_id: str,
        command: Annotated[Commanding, Depends(commanding("channel.remove", *OWNERS))],
    ) -> JSONResponse:
        """Hapus saluran. / Give a channel up."""
        outcome = await changed(channel_id, remove, command)
        await switching.fail_pending(channel_id)
        return answer(outcome)

    return router


def _region_of(caller: Caller, wanted: list[str]) -> str:
    """An integrator gets contents of its own region only. Raises ForeignRegion."""
    if caller.region is None:
        raise ForeignRegion(region="-")
    for region in wanted:
        caller.require_region(region)
    return caller.region
