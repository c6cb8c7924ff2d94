"""Problems in the OpenAPI document: what a route may refuse, with the shape of the refusal."""

from typing import Any

from kentongan.http.problems.document import PROBLEM_MEDIA_TYPE, Problem

PROBLEM_REFERENCE = "#/components/schemas/Problem"

_DESCRIPTIONS = {
    400: "Permintaan tidak terbaca. / The request can't be read.",
    401: "Token tidak ada atau tidak sah. / No token, or an invalid one.",
    403: "Peran atau wilayah tidak sesuai. / Wrong role or region.",
    404: "Tidak ditemukan. / Not found.",
    409: "Bertentangan dengan keadaan saat ini. / In conflict with the present state.",
    412: "Data sudah berubah. / Changed since it was read.",
    413: "Isi terlalu besar. / Too large.",
    415: "Jenis isi tidak didukung. / Unsupported media type.",
    422: "Isian tidak sesuai aturan. / A field or a rule is broken.",
    428: "If-Match wajib diisi. / If-Match is required.",
    503: "Penyimpanan tidak terjangkau. / Storage can't be reached; see Retry-After.",
}
_ALWAYS = (400, 413, 422, 503)
"""Any request may have an unreadable address, a body too large, a bad parameter, bad luck."""

_EXAMPLE = Problem(
    type="urn:kentongan:problem:validation",
    status=422,
    title="Isian tidak sesuai",
    title_en="Validation failed",
    detail="Ada isian yang tidak sesuai aturan; lihat errors.",
    detail_en="Some fields break their rules; see errors.",
    instance="/v1/…",
    rule="validation",
    correlation_id="5f0c7a1e-0d8b-4a53-9d0e-2f6f0b7c4f11",
    errors=[
        {
            "pointer": "#/name",
            "rule": "missing",
            "detail": 'Isian "name" wajib diisi.',
            "detail_en": '"name" is required.',
        }
    ],
).model_dump(exclude_none=True, exclude={"facts"})


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: problems of these statuses, and those that any may answer."""
    return {status: _response(status) for status in sorted({*statuses, *_ALWAYS})}


def complete_operation(operation: dict[str, Any]) -> None:
    """Add what follows from an operation's own declarations, so that no route can forget it."""
    parameters = operation.get("parameters", [])
    statuses: set[int] = set(_ALWAYS)
    if operation.get("security"):
        statuses |= {401, 403}
    if any(parameter["in"] == "path" for parameter in parameters):
        statuses.add(404)
    if any(parameter["name"] == "Idempotency-Key" for parameter in parameters):
        statuses.add(409)
    if any(parameter["name"] == "If-Match" for parameter in parameters):
        statuses |= {412, 428}
    if "requestBody" in operation:
        statuses.add(415)
    for status in sorted(statuses):
        operation["responses"].setdefault(str(status), _response(status))
    for parameter in parameters:
        if parameter["name"] == "If-Match":
            parameter["required"] = True


def _response(status: int) -> dict[str, Any]:
    media: dict[str, Any] = {"schema": {"$ref": PROBLEM_REFERENCE}}
    if status == 422:
        media["example"] = _EXAMPLE
    response: dict[str, Any] = {
        "description": _DESCRIPTIONS.get(status, "Ditolak. / Refused."),
        "content": {PROBLEM_MEDIA_TYPE: media},
    }
    if status in {409, 503}:
        response["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": "Detik. / Seconds."}
        }
    return response
