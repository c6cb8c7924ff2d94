"""The outermost layer: ids, one log line and one measurement a request, and the last safety net."""

import time
import traceback

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kentongan.http.problems.document import problem_response
from kentongan.http.problems.texts import STATUS_TEXTS
from kentongan.http.trace import CORRELATION_HEADER, Trace, begin_trace, route_template
from kentongan.observability.metrics import HTTP_REQUESTS, HTTP_SECONDS

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_CLIENT_WENT_AWAY = 499
_UNOBSERVED = ("/health/", "/metrics")

_logger = structlog.get_logger(__name__)


class Observing:
    """Binds the request's ids for all logs within, and answers what nobody expected with a 500.

    Log and metric name the route's template, never the path or the query string: these may hold
    something about a person. Probes are answered without a trace of them.
    """

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request and take note of it."""
        if scope["type"] != "http" or scope["path"].startswith(_UNOBSERVED):
            await self._app(scope, receive, send)
            return
        trace = begin_trace(scope)
        began = time.perf_counter()
        with (
            trace.span,
            structlog.contextvars.bound_contextvars(
                correlation_id=trace.correlation_id, causation_id=trace.causation_id
            ),
        ):
            status, failure = await self._answered(scope, receive, send, trace)
            self._note(scope, trace, status, time.perf_counter() - began)
            trace.span.answered(route_template(scope), status, trace.rule, failure)

    async def _answered(
        self, scope: Scope, receive: Receive, send: Send, trace: Trace
    ) -> tuple[int, str | None]:
        """The status, and the type of an error that nobody expected."""
        status: int | None = None
        failure: str | None = None

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[CORRELATION_HEADER] = trace.correlation_id
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - the last net
            failure = type(error).__name__
            # Frames and the type only: an exception's text may repeat what a person sent.
            _logger.error(  # noqa: TRY400
                "http.failed",
                error=failure,
                frames="".join(traceback.format_tb(error.__traceback__)),
            )
            if status is None:
                rule, text = STATUS_TEXTS[500]
                await problem_response(trace, text, rule)(scope, receive, noting)
        return _CLIENT_WENT_AWAY if status is None else status, failure

    def _note(self, scope: Scope, trace: Trace, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_template(scope) or "unmatched"
        HTTP_REQUESTS.labels(self._service, method, route, str(status)).inc()
        HTTP_SECONDS.labels(self._service, method, route).observe(seconds)
        refused = {} if trace.rule is None else {"rule": trace.rule}
        _logger.info(
            "http.request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            **refused,
        )
