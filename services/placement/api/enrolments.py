"""Enrolments: one by one, withdrawn, moved by hand; read within the caller's scope."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

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
    reading,
    show_decisions,
    shown,
)
from kentongan.http.requests.fields import Id, Name, Remark
from services.placement.api.enrolment_views import (
    EnrolmentReceipt,
    EnrolmentShown,
    show_enrolment,
)
from services.placement.api.fields import Slug
from services.placement.api.scopes import (
    enrolments_in_scope,
    require_enrolment,
    require_university_or_region,
)
from services.placement.domain.assignments import withdraw
from services.placement.domain.enrolments import EnrolmentStatus, Student
from services.placement.domain.errors import UniversityUnknown
from services.placement.domain.student_numbers import student_number
from services.placement.enrolling.receipts import enrolment_receipt
from services.placement.enrolling.seating import Enrolling
from services.placement.placing.reassignment import Reassignment
from services.placement.stores import Stores


class EnrolStudent(Payload):
    """A student who takes part."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "university_id": "budi-luhur",
                "student_number": "2011500123",
                "name": "Contoh Mahasiswa",
                "study_programme": "Ilmu Komunikasi",
            }
        }
    )

    university_id: Slug
    student_number: Annotated[str, Field(min_length=1, max_length=40)]
    name: Name
    study_programme: Name


class Withdraw(Payload):
    """Why the student leaves; it stays in this service."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Cuti kuliah."}})

    reason: Remark


class Reassign(Payload):
    """Another group, or the present one to clear a flag, and why; the reason stays here."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kim_id": "0d7b3c1e-9a55-4a38-8c0f-5a1c6f3f4b10",
                "reason": "Lebih dekat dengan tempat tinggal.",
            }
        }
    )

    kim_id: Id
    reason: Remark


class EnrolmentQuery(PageQuery):
    """Filters of a cohort's list."""

    status: EnrolmentStatus | SkipJsonSchema[None] = None
    university: Annotated[str | SkipJsonSchema[None], Field(max_length=60)] = None
    kim: Annotated[str | SkipJsonSchema[None], Field(max_length=128)] = None


Readers = Annotated[
    Caller,
    Depends(reading(Role.DISKOMINFO, Role.CAMPUS, Role.SUPERVISOR, Role.KIM, Role.STUDENT)),
]


def enrolments_router(
    stores: Stores, enrolling: Enrolling, reassignment: Reassignment
) -> APIRouter:
    """Commands and queries on enrolments."""
    router = APIRouter(tags=["enrolments"])

    @router.post(
        "/cohorts/{cohort_id}/enrolments",
        status_code=201,
        response_model=EnrolmentReceipt,
        responses=documented(409),
    )
    async def enrol(
        cohort_id: str,
        body: EnrolStudent,
        command: Annotated[
            Commanding, Depends(commanding("enrolment.enrol", Role.DISKOMINFO, Role.CAMPUS))
        ],
    ) -> JSONResponse:
        """Daftarkan mahasiswa. / Enrol a student."""
        cohort = await stores.cohorts.load(cohort_id)
        require_university_or_region(command.caller, body.university_id, cohort.state.region_code)
        student = await _student(stores, body)
        outcome = await enrolling.enrol_one(cohort, student, command.context)
        return answer(outcome, location=f"/v1/enrolments/{outcome.answer['id']}")

    @router.get("/cohorts/{cohort_id}/enrolments", response_model=Page[EnrolmentShown])
    async def list_enrolments(
        cohort_id: str, query: Annotated[EnrolmentQuery, Query()], caller: Readers
    ) -> Page[EnrolmentShown]:
        """Mahasiswa angkatan dalam lingkup Anda. / A cohort's students within your scope."""
        wanted = [{"state.cohort_id": cohort_id}, enrolments_in_scope(caller), _filter(query)]
        found = await stores.enrolments.find({"$and": wanted}, limit=query.fetch)
        return query.page(
            found, lambda stored: show_enrolment(stored, caller), lambda stored: (stored.id,)
        )

    @router.get("/enrolments/{enrolment_id}", response_model=EnrolmentShown)
    async def get_enrolment(enrolment_id: str, caller: Readers) -> JSONResponse:
        """Satu pendaftaran. / One enrolment."""
        scope = enrolments_in_scope(caller)
        stored = await stores.enrolments.load_within(enrolment_id, scope)
        return shown(show_enrolment(stored, caller), stored.version)

    @router.get("/enrolments/{enrolment_id}/decisions", response_model=list[DecisionShown])
    async def get_decisions(
        enrolment_id: str,
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO, Role.CAMPUS))],
    ) -> list[DecisionShown]:
        """Siapa memutuskan apa. / Who decided what."""
        await stores.enrolments.load_within(enrolment_id, enrolments_in_scope(caller))
        return show_decisions(await stores.enrolments.decisions(enrolment_id))

    @router.post(
        "/enrolments/{enrolment_id}/withdrawal",
        response_model=EnrolmentReceipt,
        responses=documented(409),
    )
    async def withdraw_student(
        enrolment_id: str,
        body: Withdraw,
        command: Annotated[
            Commanding,
            Depends(commanding("enrolment.withdraw", Role.DISKOMINFO, Role.CAMPUS, Role.STUDENT)),
        ],
    ) -> JSONResponse:
        """Mundur dari angkatan. / Leave the cohort."""
        stored = await stores.enrolments.load(enrolment_id)
        require_enrolment(command.caller, stored.state)
        outcome = await stores.enrolments.change(
            enrolment_id,
            lambda state: withdraw(state, body.reason, command.context.now),
            command.context,
            enrolment_receipt,
        )
        return answer(outcome)

    @router.post(
        "/enrolments/{enrolment_id}/readmission",
        response_model=EnrolmentReceipt,
        responses=documented(409),
    )
    async def readmit_student(
        enrolment_id: str,
        command: Annotated[
            Commanding, Depends(commanding("enrolment.readmit", Role.DISKOMINFO, Role.CAMPUS))
        ],
    ) -> JSONResponse:
        """Terima kembali mahasiswa yang mundur. / Readmit a student who had left."""
        stored = await stores.enrolments.load(enrolment_id)
        require_enrolment(command.caller, stored.state)
        return answer(await enrolling.readmit(stored, command.context))

    @router.post(
        "/enrolments/{enrolment_id}/reassignment",
        response_model=EnrolmentReceipt,
        responses=documented(409),
    )
    async def reassign(
        enrolment_id: str,
        body: Reassign,
        command: Annotated[Commanding, Depends(commanding("enrolment.reassign", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Pindahkan secara manual. / Move by hand."""
        stored = await stores.enrolments.load(enrolment_id)
        command.caller.require_region(stored.state.region_code)
        return answer(
            await reassignment.reassign(enrolment_id, body.kim_id, body.reason, command.context)
        )

    return router


async def _student(stores: Stores, body: EnrolStudent) -> Student:
    known = await stores.universities.load_many([body.university_id])
    if not known:
        raise UniversityUnknown(field="/university_id", university=body.university_id)
    return Student(
        university_id=body.university_id,
        university_name=known[0].state.name,
        student_number=student_number(body.student_number),
        name=body.name,
        study_programme=body.study_programme,
    )


def _filter(query: EnrolmentQuery) -> dict[str, Any]:
    wanted: dict[str, Any] = {**query.after_id()}
    if query.status is not None:
        wanted["state.status"] = query.status.value
    if query.university is not None:
        wanted["state.university_id"] = query.university
    if query.kim is not None:
        wanted["state.assignment.kim_id"] = query.kim
    return wanted
