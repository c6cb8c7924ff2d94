"""Briefing attendance: who was there may be placed."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from kentongan.http import Commanding, Payload, Role, commanding, documented
from kentongan.http.requests.fields import Id
from services.placement.enrolling.briefing import Briefing
from services.placement.stores import Stores


class AttendBriefing(Payload):
    """Those who attended; who is listed again changes nothing."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"enrolment_ids": ["3d5d0c8f6a1b4a7e9c2f1b0a8d7e6f54"]}}
    )

    enrolment_ids: Annotated[list[Id], Field(min_length=1, max_length=2000)]


class AttendanceShown(BaseModel):
    """What became of the list."""

    attended: int
    repeated: int
    unknown: list[str] = Field(description="Bukan dari angkatan ini. / Not of this cohort.")
    withdrawn: list[str]


def briefing_router(stores: Stores, briefing: Briefing) -> APIRouter:
    """The attendance list."""
    router = APIRouter(tags=["cohorts"])

    @router.put(
        "/cohorts/{cohort_id}/briefing/attendance",
        response_model=AttendanceShown,
        responses=documented(409),
    )
    async def attend(
        cohort_id: str,
        body: AttendBriefing,
        command: Annotated[
            Commanding, Depends(commanding("cohort.brief", Role.DISKOMINFO, repeatable=True))
        ],
    ) -> AttendanceShown:
        """Catat kehadiran pembekalan. / Note attendance of the briefing."""
        cohort = await stores.cohorts.load(cohort_id)
        command.caller.require_region(cohort.state.region_code)
        attendance = await briefing.attend(cohort, body.enrolment_ids, command.context)
        return AttendanceShown(
            attended=attendance.attended,
            repeated=attendance.repeated,
            unknown=list(attendance.unknown),
            withdrawn=list(attendance.withdrawn),
        )

    return router
