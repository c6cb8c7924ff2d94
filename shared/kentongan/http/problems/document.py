"""Problem documents (RFC 9457): one shape for everything that a service refuses."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response
from pydantic import BaseModel, Field

from kentongan.domain.errors import DomainError
from kentongan.http.problems.refusals import InvalidToken, Refusal, Unauthenticated
from kentongan.http.problems.texts import STATUS_TEXTS, ProblemTable, ProblemText
from kentongan.http.trace import Trace
from kentongan.storage.errors import IdempotencyKeyReused, StorageError, VersionConflict

PROBLEM_MEDIA_TYPE = "application/problem+json"
_PUBLIC_STORAGE_FACTS = ("id", "expected", "found", "size", "limit")
_HEADER_AT_FAULT: Mapping[type[Exception], str] = {
    VersionConflict: "If-Match",
    IdempotencyKeyReused: "Idempotency-Key",
}

REPORTED_ERRORS = 50
"""A document lists no more broken fields than a person would read."""


class FieldProblem(BaseModel):
    """One thing at fault: in the body (a JSON pointer), the address (parameter) or a header."""

    pointer: str | None = Field(default=None, examples=["#/members/0/birth_date"])
    parameter: str | None = Field(default=None, examples=["limit"])
    header: str | None = Field(default=None, examples=["If-Match"])
    rule: str = Field(examples=["missing"])
    detail: str
    detail_en: str


class Problem(BaseModel):
    """A problem document, in Indonesian and English. `rule` is for machines and never changes."""

    type: str = Field(examples=["urn:kentongan:problem:validation"])
    status: int = Field(examples=[422])
    title: str
    title_en: str
    detail: str
    detail_en: str
    instance: str = Field(description="The path asked for.")
    rule: str = Field(examples=["validation"])
    correlation_id: str
    errors: list[FieldProblem] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict, description="The details' values.")


class ProblemResponse(Response):
    """A problem as an HTTP answer. Text that UTF-8 can't hold is replaced, never a server error."""

    media_type = PROBLEM_MEDIA_TYPE

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        document = problem.model_dump(exclude_none=True)
        for member in ("errors", "facts"):
            if not document[member]:
                del document[member]
        text = json.dumps(document, ensure_ascii=False, default=str)
        super().__init__(
            content=text.encode("utf-8", "replace"),
            status_code=problem.status,
            headers=dict(headers or {}),
        )


class _Facts(dict[str, Any]):
    """Facts for a sentence: lists are joined; a missing one leaves a gap instead of an error."""

    def __missing__(self, key: str) -> str:
        return "…"


def _worded(template: str, facts: Mapping[str, Any]) -> str:
    readable = {
        name: ", ".join(map(str, value)) if isinstance(value, list | tuple | set) else value
        for name, value in facts.items()
    }
    return template.format_map(_Facts(readable))


def problem_response(
    trace: Trace,
    text: ProblemText,
    rule: str,
    *,
    facts: Mapping[str, Any] | None = None,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """Word a problem and note its rule in the request's trace, for the log."""
    trace.rule = rule
    known = dict(facts or {})
    problem = Problem(
        type=f"urn:kentongan:problem:{rule}",
        status=text.status,
        title=text.title,
        title_en=text.title_en,
        detail=_worded(text.detail, known),
        detail_en=_worded(text.detail_en, known),
        instance=trace.path,
        rule=rule,
        correlation_id=trace.correlation_id,
        errors=list(errors[:REPORTED_ERRORS]),
        facts=known,
    )
    return ProblemResponse(problem, headers)


def problem_of(
    trace: Trace, error: DomainError | StorageError, table: ProblemTable
) -> ProblemResponse:
    """The problem that the table words for this error; a domain error without words is a 422."""
    text = next((table[base] for base in type(error).__mro__ if base in table), None)
    if text is None:
        text = STATUS_TEXTS[422][1]
    facts, rule = error.facts, error.rule
    details = {
        "rule": rule,
        "detail": _worded(text.detail, facts),
        "detail_en": _worded(text.detail_en, facts),
    }
    errors: list[FieldProblem] = []
    if isinstance(error, Refusal) and (error.header or error.parameter):
        errors.append(FieldProblem(header=error.header, parameter=error.parameter, **details))
    elif type(error) in _HEADER_AT_FAULT:
        errors.append(FieldProblem(header=_HEADER_AT_FAULT[type(error)], **details))
    elif isinstance(error, DomainError) and error.field is not None:
        errors.append(FieldProblem(pointer="#/" + error.field.lstrip("#/"), **details))
    shown = facts if isinstance(error, DomainError) else _without_internals(facts)
    return problem_response(
        trace, text, rule, facts=shown, errors=errors, headers=_headers_of(error)
    )


def _without_internals(facts: Mapping[str, object]) -> dict[str, object]:
    """Names of indexes, hosts and reasons of the driver are nobody's business outside."""
    return {name: facts[name] for name in _PUBLIC_STORAGE_FACTS if name in facts}


def _headers_of(error: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        headers["Retry-After"] = str(max(1, round(retry_after)))
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="kentongan"'
    elif isinstance(error, InvalidToken):
        headers["WWW-Authenticate"] = (
            f'Bearer realm="kentongan", error="invalid_token", error_description="{error.reason}"'
        )
    return headers
