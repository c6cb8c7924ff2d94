"""Audiences, counted before anything is published."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from kentongan.http import Caller, Role, documented, reading
from services.broadcast.api.content_payloads import PreviewAudience
from services.broadcast.api.scopes import office_of
from services.broadcast.publishing.addressing import Addressing


class DistrictShown(BaseModel):
    """The groups of a district (kecamatan) that an audience holds."""

    district_code: str
    district_name: str
    groups: int


class PreviewShown(BaseModel):
    """How many groups an audience would reach now."""

    groups: int
    by_district: list[DistrictShown]


def audiences_router(addressing: Addressing) -> APIRouter:
    """The query for an audience's size; a POST, since an audience outgrows an address."""
    router = APIRouter(prefix="/audience-previews", tags=["audiences"])

    @router.post("", response_model=PreviewShown, responses=documented(409))
    async def preview(
        body: PreviewAudience,
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO))],
    ) -> PreviewShown:
        """Hitung sasaran sebelum terbit. / Count an audience before publishing."""
        counted = await addressing.preview(body.audience.audience(), office_of(caller))
        return PreviewShown(
            groups=counted.groups,
            by_district=[
                DistrictShown(
                    district_code=each.district_code,
                    district_name=each.district_name,
                    groups=each.groups,
                )
                for each in counted.by_district
            ],
        )

    return router
