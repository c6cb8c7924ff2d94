"""Edits that overwrite: profile, members, decree. Each wants the ETag that was last read."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from kentongan.http import Commanding, answer, commanding, documented
from kentongan.storage.aggregates.store import AggregateStore
from services.registry.api.access import EDITORS, by_editor
from services.registry.api.answers import Receipt, receipt
from services.registry.api.payloads import KimId, SetDecree, SetMembers, SetProfile
from services.registry.domain.decree import set_decree
from services.registry.domain.kim import Kim
from services.registry.domain.members import set_members
from services.registry.domain.proposing import set_profile
from services.registry.domain.rules import RuleBook

_RESPONSES = documented(401, 403, 404, 409, 412, 428)


def profile_router(store: AggregateStore[Kim], rules: RuleBook) -> APIRouter:
    """`/kims/{id}/profile`, `/members` and `/decree`."""
    router = APIRouter(prefix="/kims/{kim_id}", tags=["KIM"])

    @router.put("/profile", response_model=Receipt, responses=_RESPONSES)
    async def put_profile(
        kim_id: KimId,
        body: SetProfile,
        command: Annotated[
            Commanding, Depends(commanding("kim.set-profile", *EDITORS, overwrites=True))
        ],
    ) -> JSONResponse:
        """Ganti profil publik. / Replace the public profile."""
        decide = by_editor(
            command.caller,
            lambda kim: set_profile(
                kim,
                name=body.name,
                potentials=body.potentials,
                links=[link.link() for link in body.links],
                aliases=body.aliases,
                rules=rules.of(kim.region.code),
            ),
        )
        return answer(await store.change(kim_id, decide, command.context, receipt))

    @router.put("/members", response_model=Receipt, responses=_RESPONSES)
    async def put_members(
        kim_id: KimId,
        body: SetMembers,
        command: Annotated[
            Commanding, Depends(commanding("kim.set-members", *EDITORS, overwrites=True))
        ],
    ) -> JSONResponse:
        """Ganti daftar anggota dan pengurus. / Replace the list of members and board."""
        entries = [member.entry() for member in body.members]
        decide = by_editor(
            command.caller,
            lambda kim: set_members(
                kim, entries, rules=rules.of(kim.region.code), now=command.context.now
            ),
        )
        return answer(await store.change(kim_id, decide, command.context, receipt))

    @router.put("/decree", response_model=Receipt, responses=_RESPONSES)
    async def put_decree(
        kim_id: KimId,
        body: SetDecree,
        command: Annotated[
            Commanding, Depends(commanding("kim.set-decree", *EDITORS, overwrites=True))
        ],
    ) -> JSONResponse:
        """Isi atau ganti SK. / Enter or replace the decree."""
        decree = body.decree()
        now = command.context.now
        decide = by_editor(
            command.caller,
            lambda kim: set_decree(kim, decree, rules=rules.of(kim.region.code), now=now),
        )
        return answer(await store.change(kim_id, decide, command.context, receipt))

    return router
