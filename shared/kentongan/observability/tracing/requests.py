"""Requests: the server's span, the command within it, and the webhooks that a courier sends."""

from types import TracebackType

from kentongan.observability.tracing.contexts import Entered, carrying, fresh, parsed
from kentongan.observability.tracing.conventions import Key, Name
from kentongan.observability.tracing.spans import (
    Kind,
    Span,
    Within,
    begin,
    fail,
    is_on,
    rename,
    tell,
)

OTHER_METHOD = "_OTHER"
_FAILED = 500


class RequestSpan:
    """One request, from its first byte to the end of its answer.

    It goes on with the trace that came with the request, or begins one: sampled by the ratio where
    spans are exported, else not sampled.
    """

    __slots__ = ("_command", "_entered", "_incoming", "_method", "_span")

    def __init__(self, method: str, traceparent: str) -> None:
        self._method = method
        self._incoming = traceparent
        self._span: Span | None = None
        self._command: Span | None = None
        self._entered: Entered | None = None

    def __enter__(self) -> "RequestSpan":
        incoming = parsed(self._incoming) if self._incoming else None
        span = carrying(incoming or fresh())
        if is_on():
            span = begin(
                Name.UNMATCHED_REQUEST.of(method=_named(self._method)),
                Kind.SERVER,
                {Key.HTTP_METHOD: self._method},
                parent=incoming,
            )
        self._span = span
        self._entered = Entered(span)
        return self

    def begin_command(self, name: str) -> None:
        """From here on the request is this command, to its end; its events carry its context."""
        if self._span is not None and self._span.is_recording():
            self._command = begin(
                Name.COMMAND.of(command=name),
                Kind.INTERNAL,
                {Key.COMMAND: name},
                parent=self._span.get_span_context(),
            )
            Entered(self._command)

    def answered(
        self, route: str | None, status: int, rule: str | None, failure: str | None
    ) -> None:
        """How it ended: `rule` is that of a refusal, `failure` the type of what nobody expected."""
        span = self._span
        if span is None or not span.is_recording():
            return
        tell(span, Key.HTTP_STATUS, status)
        if route is not None:
            rename(span, Name.REQUEST.of(method=_named(self._method), route=route))
            tell(span, Key.HTTP_ROUTE, route)
        for one in filter(None, (span, self._command)):
            if rule is not None:
                tell(one, Key.RULE, rule)
            if status >= _FAILED:
                fail(one, failure or rule or str(status))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._command is not None:
            self._command.end()
        if self._span is not None:
            self._span.end()
        if self._entered is not None:
            # Out of the command too: it was entered later.
            self._entered.leave()


class WebhookSpan(Within):
    """One attempt to send a webhook. Where to is nobody's business but the channel's owner's."""

    __slots__ = ()

    def answered(self, status: int | None, fault: str | None) -> None:
        """What came back, or why nothing did."""
        if self.span is None:
            return
        if status is not None:
            tell(self.span, Key.HTTP_STATUS, status)
        if fault is not None:
            fail(self.span, fault)
        elif status is not None and status >= 400:
            fail(self.span, str(status))


def sending_webhook() -> WebhookSpan:
    """A span for one attempt. The trace ends here: strangers are sent no `traceparent`."""
    if not is_on():
        return WebhookSpan(None)
    return WebhookSpan(begin(Name.WEBHOOK.of(), Kind.CLIENT, {Key.HTTP_METHOD: "POST"}))


def _named(method: str) -> str:
    """What a caller made up is no name."""
    return "HTTP" if method == OTHER_METHOD else method
