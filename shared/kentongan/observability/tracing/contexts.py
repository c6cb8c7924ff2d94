"""The context of a trace as text: W3C `traceparent`, in requests, in outboxes and in records.

There is one, whether spans are exported or not: every event has a trace, and every log line of a
request names it. `tracestate` is not taken over: it is a stranger's text.
"""

import secrets

from opentelemetry import context as current
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    TraceFlags,
    format_span_id,
    format_trace_id,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_UNSAMPLED = TraceFlags(TraceFlags.DEFAULT)
_LOWEST_64 = 2**64 - 1
SAMPLED = frozenset("13579bdf")
"""The last digit of a `traceparent` holds the flag in its lowest bit."""


def parsed(traceparent: str) -> SpanContext | None:
    """The context that a text names; None where it is not a valid one."""
    found = _propagator.extract({"traceparent": traceparent}, context=current.Context())
    context = get_current_span(found).get_span_context()
    return context if context.is_valid else None


def text_of(context: SpanContext) -> str:
    """A context as `traceparent`."""
    trace_id, span_id = format_trace_id(context.trace_id), format_span_id(context.span_id)
    return f"00-{trace_id}-{span_id}-{context.trace_flags:02x}"


def fresh() -> SpanContext:
    """A new trace that nobody records."""
    chance = secrets.randbits(192)
    return SpanContext((chance >> 64) or 1, (chance & _LOWEST_64) or 1, False, _UNSAMPLED)


def is_sampled(traceparent: str) -> bool:
    """Whether spans of this trace are kept; cheap, for it is asked of every record."""
    return traceparent[-1:] in SAMPLED


def current_traceparent() -> str:
    """The context in which this code runs; outside of all, that of a new trace."""
    context = get_current_span().get_span_context()
    return text_of(context if context.is_valid else fresh())


def current_trace_id() -> str | None:
    """The trace in which this code runs, for its log lines."""
    context = get_current_span().get_span_context()
    return format_trace_id(context.trace_id) if context.is_valid else None


def trace_id_of(traceparent: str) -> str | None:
    """The trace that an event belongs to, for the log lines about it."""
    context = parsed(traceparent)
    return format_trace_id(context.trace_id) if context else None


class Entered:
    """Makes a span the current one until `leave`."""

    __slots__ = ("_token",)

    def __init__(self, span: Span) -> None:
        self._token = current.attach(set_span_in_context(span))

    def leave(self) -> None:
        """Back to what was current before, whatever was entered since."""
        current.detach(self._token)


def carrying(context: SpanContext) -> Span:
    """A span that records nothing and only hands its context on."""
    return NonRecordingSpan(context)
