"""The tally: public at any time; interactions, entered by diskominfo."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from kentongan.http import (
    Caller,
    Commanding,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    public,
)
from kentongan.http.requests.fields import Day
from services.scoring.api.fields import Slug
from services.scoring.domain.campaigns import Campaign
from services.scoring.domain.tallies import Figures, Interactions, Tally
from services.scoring.stores import Stores
from services.scoring.voting.tallying import Tallying


class RecordInteractions(Payload):
    """What a platform shows for an option on a day; it replaces what was entered before."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "day": "2026-10-21",
                "platform": "instagram",
                "option_id": "kim-gerendeng",
                "count": 250,
            }
        }
    )

    day: Day
    platform: Slug
    option_id: Slug
    count: Annotated[int, Field(ge=0, le=1_000_000_000)]


class TallyReceipt(BaseModel):
    """The tally's id is the campaign's."""

    id: str
    version: int


class OptionTally(BaseModel):
    """What an option has. Equal scores share a rank."""

    option_id: str
    label: str
    votes: int
    interactions: int
    score: int
    rank: int


class DayTally(BaseModel):
    """What one day brought in the campaign's own time, by option; those without any left out."""

    day: date
    votes: dict[str, int]
    suggestions: int
    interactions: dict[str, int]


class TallyShown(BaseModel):
    """A campaign's figures, with the formula that makes the score."""

    campaign_id: str
    status: Literal["provisional", "final"]
    counted_at: datetime | None = Field(description="when the final count was made")
    formula: str
    formula_en: str
    interaction_weight: int
    votes: int
    suggestions: int
    interactions: int
    options: list[OptionTally]
    days: list[DayTally]


def tallies_router(stores: Stores, tallying: Tallying) -> APIRouter:
    """Figures of campaigns."""
    router = APIRouter(prefix="/campaigns/{campaign_id}", tags=["campaigns"])

    @router.post("/interactions", response_model=TallyReceipt, responses=documented(404, 409))
    async def record(
        campaign_id: str,
        body: RecordInteractions,
        command: Annotated[Commanding, Depends(commanding("interactions.record", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Catat interaksi tagar sehari. / Enter a day's hashtag interactions.

        Angka yang sama tidak mengubah apa pun. / An equal figure changes nothing.
        """
        campaign = (await stores.campaigns.load(campaign_id)).state
        command.caller.require_region(campaign.region_code)
        given = Interactions(**body.model_dump())
        return answer(await tallying.record(campaign, given, command.context))

    @router.get("/tally", response_model=TallyShown, responses=documented(404))
    async def tally(
        campaign_id: str, _caller: Annotated[Caller | None, Depends(public())]
    ) -> TallyShown:
        """Perolehan suara, kapan saja. / The tally, at any time."""
        campaign = (await stores.campaigns.load(campaign_id)).state
        return _show(campaign, *await tallying.figures(campaign))

    return router


def _show(campaign: Campaign, tally: Tally, figures: Figures) -> TallyShown:
    weight = campaign.interaction_weight
    return TallyShown(
        campaign_id=campaign.campaign_id,
        status="final" if tally.final else "provisional",
        counted_at=tally.final.counted_at if tally.final else None,
        formula=f"nilai = suara + {weight} × interaksi",
        formula_en=f"score = votes + {weight} × interactions",
        interaction_weight=weight,
        votes=figures.votes,
        suggestions=figures.suggestions,
        interactions=figures.interactions,
        options=[
            OptionTally(
                option_id=one.option.option_id,
                label=one.option.label,
                votes=one.votes,
                interactions=one.interactions,
                score=one.score,
                rank=one.rank,
            )
            for one in figures.options
        ],
        days=[
            DayTally(
                day=one.day,
                votes=dict(one.votes),
                suggestions=one.suggestions,
                interactions=dict(one.interactions),
            )
            for one in figures.days
        ],
    )
