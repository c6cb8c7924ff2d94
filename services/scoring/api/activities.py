"""The verified activities that scoring counts, for the office to compare."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.regions import region_pattern
from kentongan.http import Caller, Page, PageQuery, Role, reading
from kentongan.http.requests.fields import Id
from kentongan.storage.projections.ledger import LedgerEntry
from services.scoring.read_models import ActivityLedger


class ActivityQuery(PageQuery):
    """Filters of the list of activities."""

    kim: Id | SkipJsonSchema[None] = None

    def wanted(self, region: str | None) -> dict[str, Any]:
        """The query over the ledger, within a region."""
        scope = {"entry.region_code": {"$regex": region_pattern(region)}}
        wanted: dict[str, Any] = {**self.after_id(), **scope}
        if self.kim is not None:
            wanted["entry.kim_id"] = self.kim
        return wanted


class ActivityShown(BaseModel):
    """What scoring keeps of a verified activity."""

    event_id: str
    activity_id: str
    kim_id: str
    minutes: int
    date: date
    category: str


def activities_router(activities: ActivityLedger) -> APIRouter:
    """Queries over the ledger of activities."""
    router = APIRouter(prefix="/activities", tags=["activities"])

    @router.get("", response_model=Page[ActivityShown])
    async def list_activities(
        query: Annotated[ActivityQuery, Query()],
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO))],
    ) -> Page[ActivityShown]:
        """Kegiatan terverifikasi di wilayah Anda. / Verified activities of your region."""
        found = await activities.page(query.wanted(caller.region), query.fetch)
        return query.page(found, show_activity, lambda fact: (fact.event_id,))

    return router


def show_activity(fact: LedgerEntry) -> ActivityShown:
    """An activity as it is known here."""
    names = ("activity_id", "kim_id", "minutes", "date", "category")
    return ActivityShown(event_id=fact.event_id, **{name: fact.entry[name] for name in names})
