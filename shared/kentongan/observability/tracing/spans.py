"""Spans: begun and ended here alone. An exception leaves its type, never its words, in a span."""

import random
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    Tracer,
    get_current_span,
    set_span_in_context,
)

from kentongan.observability.tracing.contexts import Entered, carrying, fresh
from kentongan.observability.tracing.conventions import Attributes, Key, SpanName

__all__ = [
    "Kind",
    "Span",
    "SpanContext",
    "Within",
    "begin",
    "fail",
    "is_on",
    "recording",
    "rename",
    "tell",
    "use",
]

Kind = SpanKind


class _Chosen:
    tracer: Tracer | None = None
    ratio: float = 0.0


def use(tracer: Tracer | None, *, ratio: float = 0.0) -> None:
    """Begin spans with this tracer from now on; with None, none at all.

    `ratio` is the share of the traces begun here that are recorded. The tracer's provider records
    what it is asked to: asked for 99 in 100 spans only to say no, it costs half of all tracing.
    Not OpenTelemetry's global provider: FastAPI would then make spans of its own, which hold the
    path and the query of each request.
    """
    _Chosen.tracer, _Chosen.ratio = tracer, ratio


def is_on() -> bool:
    """Whether this process exports spans."""
    return _Chosen.tracer is not None


def begin(
    name: SpanName,
    kind: SpanKind,
    attributes: Attributes,
    *,
    parent: SpanContext | None = None,
    links: Iterable[SpanContext] = (),
    start_time: int | None = None,
) -> Span:
    """A span under this parent, or at the root of a trace; to be asked for only while `is_on`.

    Recorded as the parent is; without one where a linked trace is, else by the ratio: of what
    belongs to a recorded command only by a link, the ratio alone would leave hardly anything.
    `start_time` in nanoseconds, where it began before it was known to be worth recording.
    """
    tracer = _Chosen.tracer
    if tracer is None:
        raise RuntimeError("no spans are recorded in this process")
    links = list(links)
    if parent is not None:
        if not parent.trace_flags.sampled:
            return carrying(parent)
    elif not any(link.trace_flags.sampled for link in links) and random.random() >= _Chosen.ratio:
        return carrying(fresh())
    context = Context()
    return tracer.start_span(
        name,
        set_span_in_context(carrying(parent), context) if parent else context,
        kind,
        {str(key): value for key, value in attributes.items()},
        [Link(link) for link in links],
        start_time,
        record_exception=False,
        set_status_on_exception=False,
    )


def recording() -> SpanContext | None:
    """The context of the current span, where that one is recorded and not yet over.

    A task that outlives the request in which it was made adds nothing to that request's trace.
    """
    span = get_current_span()
    return span.get_span_context() if span.is_recording() else None


def tell(span: Span, key: Key, value: str | int) -> None:
    """Add what was not known when the span began."""
    span.set_attribute(key.value, value)


def rename(span: Span, name: SpanName) -> None:
    """Give it the name that was not known when it began."""
    span.update_name(name)


def fail(span: Span, error_type: str) -> None:
    """Mark a span as failed, by the type of what went wrong."""
    tell(span, Key.ERROR_TYPE, error_type)
    span.set_status(StatusCode.ERROR)


class Within:
    """While the block runs its span is the current one; then it is ended. None: nothing is done."""

    __slots__ = ("_entered", "span")

    def __init__(self, span: Span | None) -> None:
        self.span = span
        self._entered: Entered | None = None

    def __enter__(self) -> Self:
        if self.span is not None:
            self._entered = Entered(self.span)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._entered is not None:
            self._entered.leave()
        if self.span is not None:
            if isinstance(error, Exception):
                fail(self.span, type(error).__name__)
            self.span.end()
