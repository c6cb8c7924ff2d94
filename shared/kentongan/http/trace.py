"""What ties one request to its logs, its events and its problem document."""

import re
import uuid
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from kentongan.observability.tracing.requests import OTHER_METHOD, RequestSpan

CORRELATION_HEADER = "X-Correlation-ID"

_SCOPE_KEY = "kentongan.trace"
_CORRELATION = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Trace:
    """Ids of one request. `rule` is noted when the request is refused."""

    correlation_id: str
    """The caller's, where it is short and plain; else new."""
    causation_id: str
    """This request's own id: the cause of the events that it records."""
    span: RequestSpan
    """The request in its trace: the one that came with it, or a new one."""
    path: str
    rule: str | None = None


def begin_trace(scope: Scope) -> Trace:
    """Take the ids that came with a request, or make them, and keep them in its scope."""
    headers = Headers(scope=scope)
    causation_id = str(uuid.uuid4())
    correlation_id = headers.get(CORRELATION_HEADER, "")
    method = scope["method"] if scope["method"] in _METHODS else OTHER_METHOD
    trace = Trace(
        correlation_id=correlation_id if _CORRELATION.fullmatch(correlation_id) else causation_id,
        causation_id=causation_id,
        span=RequestSpan(method, headers.get("traceparent", "")),
        path=scope["path"],
    )
    scope[_SCOPE_KEY] = trace
    return trace


def trace_of(scope: Scope) -> Trace:
    """The request's trace, begun by the outermost middleware (or now, where there is none)."""
    trace = scope.get(_SCOPE_KEY)
    return trace if isinstance(trace, Trace) else begin_trace(scope)


def route_template(scope: Scope) -> str | None:
    """`/v1/kims/{id}` for the matched route; None where no route matched.

    FastAPI's route knows its path only from its own router on; what was put before it is read off
    the end of the request's path, segment by segment.
    """
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is None:
        return None
    own = path.strip("/").split("/") if path.strip("/") else []
    asked = scope["path"].strip("/").split("/")
    before = asked[: max(0, len(asked) - len(own))]
    return "/" + "/".join([*before, *own])
