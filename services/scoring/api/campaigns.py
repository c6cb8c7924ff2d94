"""Campaigns: opened by diskominfo, seen by anyone."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.regions import RegionCode, region_pattern
from kentongan.http import (
    Caller,
    Commanding,
    DecisionShown,
    Page,
    PageQuery,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    public,
    reading,
    show_decisions,
    shown,
)
from kentongan.http.requests.fields import Moment, Name
from kentongan.storage.aggregates.store import Stored, derived_id
from services.scoring.api.fields import Slug
from services.scoring.domain.campaigns import Campaign, Option, open_campaign
from services.scoring.stores import Stores


class OptionGiven(Payload):
    """Something that can be voted for."""

    option_id: Slug
    label: Name


class OpenCampaign(Payload):
    """A campaign. Nothing of it changes once it is open."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "title": "KIM Terfavorit 2026",
                "region_code": "36.71",
                "starts_at": "2027-10-01T00:00:00+07:00",
                "ends_at": "2027-11-01T00:00:00+07:00",
                "options": [
                    {"option_id": "kim-gerendeng", "label": "KIM Gerendeng"},
                    {"option_id": "kim-sukasari", "label": "KIM Sukasari"},
                ],
                "interaction_weight": 1,
            }
        }
    )

    title: Name
    region_code: Annotated[RegionCode, Field(examples=["36.71"])]
    starts_at: Moment
    ends_at: Annotated[Moment, Field(description="The first moment that doesn't count.")]
    options: Annotated[list[OptionGiven], Field(min_length=2, max_length=200)]
    interaction_weight: Annotated[
        int, Field(ge=0, le=100, description="Votes that one interaction is worth.")
    ] = 1


class OptionShown(BaseModel):
    """Something that can be voted for."""

    option_id: str
    label: str


class CampaignShown(BaseModel):
    """A campaign. Whether it runs is told by its period; its figures are at `/tally`."""

    id: str
    version: int
    title: str
    region_code: str
    starts_at: datetime
    ends_at: datetime
    options: list[OptionShown]
    interaction_weight: int


class CampaignReceipt(BaseModel):
    """What commands on campaigns are answered with."""

    id: str
    version: int


class CampaignQuery(PageQuery):
    """Filters of the list."""

    region: Annotated[RegionCode | SkipJsonSchema[None], Field(examples=["36.71"])] = None


Office = Annotated[Caller, Depends(reading(Role.DISKOMINFO))]


def campaigns_router(stores: Stores) -> APIRouter:
    """Opening and showing campaigns."""
    router = APIRouter(prefix="/campaigns", tags=["campaigns"])

    @router.post("", status_code=201, response_model=CampaignReceipt, responses=documented(409))
    async def open_(
        body: OpenCampaign,
        command: Annotated[Commanding, Depends(commanding("campaign.open", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Buka pemungutan suara. / Open a campaign."""
        command.caller.require_region(body.region_code)
        campaign_id = derived_id(command.context.idempotency)
        campaign = Campaign(
            campaign_id=campaign_id,
            options=tuple(Option(**option.model_dump()) for option in body.options),
            **body.model_dump(exclude={"options"}),
        )
        outcome = await stores.campaigns.answered(campaign_id, command.context)
        if outcome is None:
            decision = open_campaign(campaign, command.context.now)
            outcome = await stores.campaigns.create(
                campaign_id, decision, command.context, _receipt
            )
        return answer(outcome, location=f"/v1/campaigns/{campaign_id}")

    @router.get("", response_model=Page[CampaignShown])
    async def list_campaigns(
        query: Annotated[CampaignQuery, Query()],
        _caller: Annotated[Caller | None, Depends(public())],
    ) -> Page[CampaignShown]:
        """Daftar pemungutan suara. / The campaigns."""
        wanted: dict[str, Any] = query.after_id()
        if query.region is not None:
            wanted["state.region_code"] = {"$regex": region_pattern(query.region)}
        found = await stores.campaigns.find(wanted, limit=query.fetch)
        return query.page(found, _show, lambda stored: (stored.id,))

    @router.get("/{campaign_id}", response_model=CampaignShown, responses=documented(404))
    async def get_campaign(
        campaign_id: str, _caller: Annotated[Caller | None, Depends(public())]
    ) -> JSONResponse:
        """Satu pemungutan suara. / One campaign."""
        stored = await stores.campaigns.load(campaign_id)
        return shown(_show(stored), stored.version)

    @router.get(
        "/{campaign_id}/decisions", response_model=list[DecisionShown], responses=documented(404)
    )
    async def decisions(campaign_id: str, caller: Office) -> list[DecisionShown]:
        """Siapa memutuskan apa: pembukaan, interaksi, angka akhir. / Who decided what, and when."""
        campaign = await stores.campaigns.load(campaign_id)
        caller.require_region(campaign.state.region_code)
        entries = await stores.campaigns.decisions(campaign_id)
        if await stores.tallies.count({"_id": campaign_id}):
            entries += await stores.tallies.decisions(campaign_id)
        return show_decisions(sorted(entries, key=lambda entry: entry.at))

    return router


def _show(stored: Stored[Campaign]) -> CampaignShown:
    facts = stored.state.model_dump(exclude={"campaign_id"})
    return CampaignShown(id=stored.id, version=stored.version, **facts)


def _receipt(stored: Stored[Campaign]) -> dict[str, Any]:
    return {"id": stored.id, "version": stored.version}
