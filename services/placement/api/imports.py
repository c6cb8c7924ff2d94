"""Enrolment by file: upload, the bad lines to download, the template."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from kentongan.http import Caller, Commanding, Role, answer, commanding, documented, reading
from kentongan.http.problems.refusals import UnsupportedMediaType
from kentongan.storage.errors import AggregateNotFound
from services.placement.api.scopes import require_university_or_region
from services.placement.domain.errors import FileUnreadable
from services.placement.importing.files import error_file, template
from services.placement.importing.importer import Importer
from services.placement.stores import Stores

CSV = "text/csv"
_EXAMPLE = (
    "nomor_mahasiswa;nama;universitas;program_studi\r\n"
    "2011500123;Contoh Mahasiswa;Universitas Budi Luhur;Ilmu Komunikasi\r\n"
)
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {"schema": {"type": "string"}, "example": _EXAMPLE},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                },
                "example": {"file": _EXAMPLE},
            },
        },
    }
}
DOWNLOAD: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: {"schema": {"type": "string"}}}, "description": "CSV"}
}


class RejectedShown(BaseModel):
    """A line that was not taken, with the rule that it breaks."""

    line: int
    rule: str
    field: str | None
    detail: str
    detail_en: str


class ImportShown(BaseModel):
    """What became of a file."""

    import_id: str
    accepted: int
    repeated: int
    rejected_count: int
    rejected_by_rule: dict[str, int]
    rejected: list[RejectedShown]
    errors_file: str


def imports_router(stores: Stores, importer: Importer) -> APIRouter:
    """Imports of enrolments."""
    router = APIRouter(tags=["enrolments"])

    @router.post(
        "/cohorts/{cohort_id}/enrolments/import",
        response_model=ImportShown,
        responses=documented(409, 415),
        openapi_extra=FILE,
    )
    async def import_enrolments(
        cohort_id: str,
        request: Request,
        command: Annotated[
            Commanding, Depends(commanding("enrolment.import", Role.DISKOMINFO, Role.CAMPUS))
        ],
    ) -> JSONResponse:
        """Daftarkan dari berkas CSV. / Enrol from a CSV file."""
        cohort = await stores.cohorts.load(cohort_id)
        caller = command.caller
        require_university_or_region(caller, caller.university_id or "", cohort.state.region_code)
        for_all = caller.has(Role.DISKOMINFO) and caller.covers(cohort.state.region_code)
        only = None if for_all else caller.university_id
        content = await _content(request)
        return answer(await importer.import_file(cohort, content, only, command.context))

    @router.get("/imports/{import_id}/errors.csv", response_class=Response, responses=DOWNLOAD)
    async def get_errors(
        import_id: str,
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO, Role.CAMPUS))],
    ) -> Response:
        """Baris yang ditolak, siap diperbaiki. / The rejected lines, ready to be corrected."""
        stored = await stores.imports.load(import_id)
        report = stored.state
        for_city = caller.has(Role.DISKOMINFO) and caller.covers(report.region_code)
        for_campus = caller.has(Role.CAMPUS) and caller.university_id == report.university_id
        if not for_city and not (for_campus and report.university_id):
            raise AggregateNotFound(import_id)
        return _download(error_file(report.rejected), "baris-ditolak.csv")

    @router.get("/enrolment-template.csv", response_class=Response, responses=DOWNLOAD)
    async def get_template(_caller: Annotated[Caller, Depends(reading())]) -> Response:
        """Contoh berkas. / A template."""
        return _download(template(), "templat-pendaftaran.csv")

    return router


async def _content(request: Request) -> bytes:
    """The file, as the body itself or as the form's part `file`."""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type == CSV:
        return await request.body()
    if media_type == "multipart/form-data":
        try:
            form = await request.form(max_files=1, max_fields=10)
        except (MultiPartException, ValueError, KeyError) as error:
            raise FileUnreadable from error
        part = form.get("file")
        if isinstance(part, UploadFile):
            return await part.read()
        raise FileUnreadable
    raise UnsupportedMediaType


def _download(content: bytes, name: str) -> Response:
    return Response(
        content,
        media_type=f"{CSV}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
