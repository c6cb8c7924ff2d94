"""What a route declares about its caller: a command, a query, or open to the public."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import Message
from typing import Annotated

from fastapi import Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain import CommandContext, IdempotencyKey
from kentongan.http.auth.callers import Caller, Role
from kentongan.http.etags import version_of
from kentongan.http.problems.refusals import (
    IdempotencyKeyMalformed,
    PreconditionMissing,
    Unauthenticated,
)
from kentongan.http.requests.limits import body_of
from kentongan.http.requests.strict_json import check_json
from kentongan.http.service_state import state_of
from kentongan.http.trace import route_template, trace_of
from kentongan.observability.tracing.contexts import current_traceparent

OPTIONAL_SCHEME = "bearerOptional"

_bearer = HTTPBearer(
    scheme_name="bearer",
    bearerFormat="JWT",
    description="Token JWT dari penyedia identitas kota. / A JWT of the city's identity provider.",
    auto_error=False,
)
_optional_bearer = HTTPBearer(scheme_name=OPTIONAL_SCHEME, auto_error=False)

# The schemes are declared for the OpenAPI document; the header itself is read by `_token`.
_Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
_OptionalBearer = Annotated[HTTPAuthorizationCredentials | None, Security(_optional_bearer)]
_IdempotencyHeader = Annotated[
    str | SkipJsonSchema[None],
    Header(
        alias="Idempotency-Key",
        description=(
            "Kunci agar pengulangan tidak menggandakan perintah; disimpan 24 jam. / "
            "A key that makes a retry harmless; remembered for 24 hours."
        ),
        json_schema_extra={"minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
    ),
]
_IfMatchHeader = Annotated[
    str | SkipJsonSchema[None],
    Header(
        alias="If-Match",
        description=("ETag yang terakhir dibaca; wajib. / The ETag that was last read; required."),
        json_schema_extra={"pattern": r'^"[1-9][0-9]{0,17}"$', "examples": ['"7"']},
    ),
]


@dataclass(frozen=True, slots=True)
class Commanding:
    """One command under way: who asks, and its circumstances for the store."""

    caller: Caller
    context: CommandContext


def commanding(
    name: str, *roles: Role, overwrites: bool = False, repeatable: bool = False
) -> Callable[..., Awaitable[Commanding]]:
    """A dependency for command `name` (`kim.propose`), open to any of these roles.

    `overwrites` is for edits that replace what others may have written: If-Match is then required.
    `repeatable` is for those that a repeat leaves as they are: no Idempotency-Key is offered.
    Checked in this order: token, role, JSON, Idempotency-Key, If-Match; then the body's fields.
    """

    async def command(
        request: Request,
        _credentials: _Bearer = None,
        _idempotency_key: _IdempotencyHeader = None,
    ) -> Commanding:
        return await _begin(request, name, roles)

    async def overwriting(
        request: Request,
        _credentials: _Bearer = None,
        _idempotency_key: _IdempotencyHeader = None,
        _if_match: _IfMatchHeader = None,
    ) -> Commanding:
        begun = await _begin(request, name, roles)
        if begun.context.expected_version is None:
            raise PreconditionMissing
        return begun

    async def repeated(request: Request, _credentials: _Bearer = None) -> Commanding:
        return await _begin(request, name, roles)

    dependency: Callable[..., Awaitable[Commanding]] = command
    if overwrites or repeatable:
        dependency = overwriting if overwrites else repeated
    # For whoever lists a service's commands: the canvas test, tools.
    vars(dependency)["command"] = name
    return dependency


def reading(*roles: Role) -> Callable[..., Awaitable[Caller]]:
    """A dependency for a query that is open to any of these roles (none given: to any caller)."""

    async def caller(request: Request, _credentials: _Bearer = None) -> Caller:
        return await _caller(request, roles)

    return caller


def public() -> Callable[..., Awaitable[Caller | None]]:
    """A dependency for a query open to all; a token, where one is sent, must still be valid."""

    async def caller(request: Request, _credentials: _OptionalBearer = None) -> Caller | None:
        return await _caller(request, ()) if "Authorization" in request.headers else None

    return caller


async def _caller(request: Request, roles: tuple[Role, ...]) -> Caller:
    caller = await state_of(request.app).authenticator.caller(_token(request))
    caller.require(*roles)
    return caller


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated
    return token.strip()


async def _begin(request: Request, name: str, roles: tuple[Role, ...]) -> Commanding:
    caller = await _caller(request, roles)
    body = body_of(request.scope)
    if body and "json" in request.headers.get("Content-Type", "").lower():
        check_json(body)
    idempotency = _idempotency(request, caller.sub, body)
    if_match = request.headers.get("If-Match")
    trace = trace_of(request.scope)
    trace.span.begin_command(name)
    context = CommandContext(
        name=name,
        actor=caller.sub,
        now=state_of(request.app).clock(),
        correlation_id=trace.correlation_id,
        causation_id=trace.causation_id,
        traceparent=current_traceparent(),
        idempotency=idempotency,
        expected_version=None if if_match is None else version_of(if_match),
    )
    return Commanding(caller=caller, context=context)


def _idempotency(request: Request, sub: str, body: bytes) -> IdempotencyKey | None:
    """Scoped by caller and route, so that nobody meets another's key; bound to this payload."""
    keys = request.headers.getlist("Idempotency-Key")
    if not keys:
        return None
    if len(keys) > 1 or not _is_sane_key(keys[0]):
        raise IdempotencyKeyMalformed
    template = route_template(request.scope) or request.url.path
    scope = json.dumps([sub, request.method, template, keys[0]])
    payload = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    payload.update(_without_boundary(body, request.headers.get("Content-Type", "")))
    return IdempotencyKey(
        scoped=hashlib.sha256(scope.encode()).hexdigest(), payload_hash=payload.hexdigest()
    )


def _without_boundary(body: bytes, content_type: str) -> bytes:
    """A form's body with one and the same boundary: clients draw another for each retry."""
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if header.get_content_maintype() != "multipart" or not boundary:
        return body
    delimiter = b"\r\n--" + boundary.encode(errors="replace")
    return (b"\r\n" + body).replace(delimiter, b"\r\n--\x00")


def _is_sane_key(key: str) -> bool:
    return 1 <= len(key) <= 255 and all("!" <= sign <= "~" for sign in key)
