"""Votes: cast by anybody with a token; suggestions, read by diskominfo."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

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
)
from kentongan.http.requests.fields import Remark
from kentongan.storage.aggregates.store import Stored
from services.scoring.api.fields import Slug
from services.scoring.domain.votes import Vote
from services.scoring.stores import Stores
from services.scoring.voting.casting import Ballot, Casting


class CastVote(Payload):
    """The day's vote. Who votes is told by the token, never by the body, and not kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "option_id": "kim-gerendeng",
                "suggestion": "Adakan pelatihan foto produk setiap bulan.",
            }
        }
    )

    option_id: Slug
    suggestion: Remark | None = None


class VoteReceipt(BaseModel):
    """A vote that counts. Its id stands in the public topic; only the voter knows whose it is."""

    id: str
    version: int
    campaign_id: str
    option_id: str
    day: date


class SuggestionShown(BaseModel):
    """What a voter suggests. In no order of time, and no way leads to the voter."""

    day: date
    option_id: str
    suggestion: str


def votes_router(stores: Stores, casting: Casting) -> APIRouter:
    """Casting votes, and reading what was suggested."""
    router = APIRouter(prefix="/campaigns/{campaign_id}", tags=["campaigns"])

    @router.post(
        "/votes", status_code=201, response_model=VoteReceipt, responses=documented(404, 409)
    )
    async def cast(
        campaign_id: str,
        body: CastVote,
        command: Annotated[Commanding, Depends(commanding("vote.cast"))],
    ) -> JSONResponse:
        """Beri suara, sekali sehari. / Vote, once a day."""
        ballot = Ballot(option_id=body.option_id, suggestion=body.suggestion)
        outcome = await casting.cast(campaign_id, ballot, command.caller.sub, command.context)
        return answer(outcome)

    @router.get("/suggestions", response_model=Page[SuggestionShown], responses=documented(404))
    async def suggestions(
        campaign_id: str,
        query: Annotated[PageQuery, Query()],
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO))],
    ) -> Page[SuggestionShown]:
        """Usulan warga. / What residents suggest."""
        campaign = await stores.campaigns.load(campaign_id)
        caller.require_region(campaign.state.region_code)
        wanted = {
            "state.campaign_id": campaign_id,
            "state.counted": True,
            "state.suggests": True,
            **query.after_id(),
        }
        found = await stores.votes.find(wanted, limit=query.fetch)
        return query.page(found, _show, lambda stored: (stored.id,))

    return router


def _show(stored: Stored[Vote]) -> SuggestionShown:
    vote = stored.state
    return SuggestionShown(day=vote.day, option_id=vote.option_id, suggestion=vote.suggestion or "")
