"""From errors to problem documents: the one place where HTTP statuses meet exceptions."""

import http

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from kentongan.domain.errors import DomainError
from kentongan.http.problems.document import ProblemResponse, problem_of, problem_response
from kentongan.http.problems.field_texts import field_problem
from kentongan.http.problems.refusals import MalformedJson, UnsupportedMediaType
from kentongan.http.problems.texts import STATUS_TEXTS, ProblemText
from kentongan.http.requests.strict_json import InvalidFields
from kentongan.http.service_state import state_of
from kentongan.http.trace import route_template, trace_of
from kentongan.storage.errors import StorageError


def install_error_handlers(app: FastAPI) -> None:
    """Everything but unexpected exceptions, which the outermost middleware answers."""
    app.exception_handler(DomainError)(_refused)
    app.exception_handler(StorageError)(_refused)
    app.exception_handler(InvalidFields)(_invalid_fields)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_by_status)


async def _refused(request: Request, error: DomainError | StorageError) -> ProblemResponse:
    return problem_of(trace_of(request.scope), error, state_of(request.app).problems)


async def _invalid_fields(request: Request, error: InvalidFields) -> ProblemResponse:
    rule, text = STATUS_TEXTS[422]
    return problem_response(trace_of(request.scope), text, rule, errors=error.errors)


async def _invalid(request: Request, error: RequestValidationError) -> ProblemResponse:
    faults = error.errors()
    if faults[0]["type"] == "json_invalid":
        return await _refused(request, MalformedJson())
    if any(fault["loc"] == ("body",) and isinstance(fault["input"], bytes) for fault in faults):
        return await _refused(request, UnsupportedMediaType())
    errors = [
        field_problem(
            str(fault["type"]).replace("_", "-"),
            _place(fault["loc"]),
            where=str(fault["loc"][0]),
            context=fault.get("ctx"),
            message=fault["msg"],
        )
        for fault in faults
        if fault["loc"][0] == "body" or fault["type"] != "none_required"
    ]
    rule, text = STATUS_TEXTS[422]
    return problem_response(trace_of(request.scope), text, rule, errors=errors)


def _place(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where a fault lies, without the part of the request that it lies in.

    A parameter that may be left out is a union, and below its name come the union's branches; that
    of None can't be meant by anyone who sent something.
    """
    return location[1:] if location[0] == "body" else location[1:2]


async def _by_status(request: Request, error: HTTPException) -> ProblemResponse:
    known = STATUS_TEXTS.get(error.status_code)
    if known is None:
        phrase = http.HTTPStatus(error.status_code).phrase
        rule = phrase.lower().replace(" ", "-")
        known = rule, ProblemText(error.status_code, phrase, phrase, phrase, phrase)
    rule, text = known
    headers = dict(error.headers or {})
    if error.status_code == http.HTTPStatus.METHOD_NOT_ALLOWED:
        headers |= _allowed(request)
    return problem_response(trace_of(request.scope), text, rule, headers=headers)


def _allowed(request: Request) -> dict[str, str]:
    """All methods of an address (RFC 9110 asks for them); the router names one route's only."""
    operations = request.app.openapi()["paths"].get(route_template(request.scope), {})
    return {"Allow": ", ".join(sorted(map(str.upper, operations)))} if operations else {}
