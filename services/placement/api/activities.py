"""The logbook: kept by the student, judged by the group, commented by the supervisor."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field

from kentongan.http import (
    Caller,
    Commanding,
    Page,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    reading,
)
from kentongan.http.requests.fields import Moment, Remark
from kentongan.storage.aggregates.store import Stored
from services.placement.api.activity_views import (
    ActivityQuery,
    ActivityReceipt,
    ActivityShown,
    activity_receipt,
    show_activity,
)
from services.placement.api.fields import Link, Text
from services.placement.api.scopes import activities_in_scope
from services.placement.domain.activities import (
    LONGEST_MINUTES,
    SHORTEST_MINUTES,
    Activity,
    ActivityCategory,
    Entry,
    activity_id,
    comment_on_activity,
    log_activity,
    reject_activity,
    verify_activity,
)
from services.placement.stores import Stores


class LogActivity(Payload):
    """What the student did with the group."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "started_at": "2026-07-14T09:00:00+07:00",
                "minutes": 90,
                "category": "publikasi",
                "text": "Menulis berita tentang posyandu bersama pengurus KIM.",
                "link": "https://kim-gerendeng.example.id/berita/7",
            }
        }
    )

    started_at: Moment
    minutes: Annotated[int, Field(ge=SHORTEST_MINUTES, le=LONGEST_MINUTES)]
    category: ActivityCategory
    text: Text
    link: Link | None = None


class RejectActivity(Payload):
    """Why the group denies it; it stays in this service."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"reason": "Tidak ada kegiatan pada hari itu."}}
    )

    reason: Remark


class CommentOnActivity(Payload):
    """What the supervisor says."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"text": "Bagus; tambahkan foto kegiatannya."}}
    )

    text: Text


def activities_router(stores: Stores) -> APIRouter:
    """Commands and queries on logbook activities."""
    router = APIRouter(tags=["activities"])
    readers = reading(Role.DISKOMINFO, Role.CAMPUS, Role.SUPERVISOR, Role.KIM, Role.STUDENT)

    async def listed(
        query: ActivityQuery, caller: Caller, of: dict[str, Any]
    ) -> Page[ActivityShown]:
        wanted = [of, activities_in_scope(caller), query.wanted()]
        found = await stores.activities.find({"$and": wanted}, limit=query.fetch)
        return query.page(found, show_activity, lambda stored: (stored.id,))

    @router.post(
        "/enrolments/{enrolment_id}/activities",
        status_code=201,
        response_model=ActivityReceipt,
        responses=documented(409),
    )
    async def log(
        enrolment_id: str,
        body: LogActivity,
        command: Annotated[Commanding, Depends(commanding("activity.log", Role.STUDENT))],
    ) -> JSONResponse:
        """Catat kegiatan. / Write an activity down."""
        command.caller.require_student(enrolment_id)
        enrolment = await stores.enrolments.load(enrolment_id)
        entry = Entry(**body.model_dump())
        fact = activity_id(enrolment_id, entry.started_at)
        outcome = await stores.activities.answered(fact, command.context)
        if outcome is None:
            decision = log_activity(enrolment.state, entry, command.context.now)
            outcome = await stores.activities.create(
                fact, decision, command.context, activity_receipt
            )
        return answer(outcome, location=f"/v1/enrolments/{enrolment_id}/activities")

    @router.get("/enrolments/{enrolment_id}/activities", response_model=Page[ActivityShown])
    async def of_enrolment(
        enrolment_id: str,
        query: Annotated[ActivityQuery, Query()],
        caller: Annotated[Caller, Depends(readers)],
    ) -> Page[ActivityShown]:
        """Buku kegiatan mahasiswa. / A student's logbook."""
        return await listed(query, caller, {"state.enrolment_id": enrolment_id})

    @router.get("/kims/{kim_id}/activities", response_model=Page[ActivityShown])
    async def of_kim(
        kim_id: str,
        query: Annotated[ActivityQuery, Query()],
        caller: Annotated[Caller, Depends(readers)],
    ) -> Page[ActivityShown]:
        """Kegiatan bersama sebuah KIM. / The activities done with a group."""
        return await listed(query, caller, {"state.kim_id": kim_id})

    @router.post(
        "/activities/{activity_id}/verification",
        response_model=ActivityReceipt,
        responses=documented(409),
    )
    async def verify(
        activity_id: str,
        command: Annotated[Commanding, Depends(commanding("activity.verify", Role.KIM))],
    ) -> JSONResponse:
        """Benarkan kegiatan. / Verify an activity."""
        await _require_own_kim(stores, activity_id, command.caller)
        outcome = await stores.activities.change(
            activity_id,
            lambda activity: verify_activity(activity, command.context.now),
            command.context,
            activity_receipt,
        )
        return answer(outcome)

    @router.post(
        "/activities/{activity_id}/rejection",
        response_model=ActivityReceipt,
        responses=documented(409),
    )
    async def reject(
        activity_id: str,
        body: RejectActivity,
        command: Annotated[Commanding, Depends(commanding("activity.reject", Role.KIM))],
    ) -> JSONResponse:
        """Tolak kegiatan. / Reject an activity."""
        await _require_own_kim(stores, activity_id, command.caller)
        outcome = await stores.activities.change(
            activity_id,
            lambda activity: reject_activity(activity, body.reason),
            command.context,
            activity_receipt,
        )
        return answer(outcome)

    @router.post(
        "/activities/{activity_id}/comment",
        response_model=ActivityReceipt,
        responses=documented(409),
    )
    async def comment(
        activity_id: str,
        body: CommentOnActivity,
        command: Annotated[Commanding, Depends(commanding("activity.comment", Role.SUPERVISOR))],
    ) -> JSONResponse:
        """Beri komentar sebagai DPL. / Comment as the supervisor."""
        stored = await stores.activities.load(activity_id)
        command.caller.require_university(stored.state.university_id)
        outcome = await stores.activities.change(
            activity_id,
            lambda activity: comment_on_activity(activity, body.text, command.context.now),
            command.context,
            activity_receipt,
        )
        return answer(outcome)

    return router


async def _require_own_kim(stores: Stores, activity_id: str, caller: Caller) -> Stored[Activity]:
    stored = await stores.activities.load(activity_id)
    caller.require_kim(stored.state.kim_id)
    return stored
