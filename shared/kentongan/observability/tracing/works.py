"""What a service does by itself: reactions, work in the background, commands of its own."""

from collections.abc import Sequence

from opentelemetry.trace import get_current_span

from kentongan.observability.tracing.contexts import fresh, text_of
from kentongan.observability.tracing.conventions import LINKS_PER_SPAN, Key, Name
from kentongan.observability.tracing.spans import (
    Kind,
    SpanContext,
    Within,
    begin,
    is_on,
    recording,
)


class Causes:
    """The recorded spans that have woken a step since it ran last."""

    def __init__(self) -> None:
        self._contexts: list[SpanContext] = []

    def note(self) -> None:
        """The current span is one, where it is recorded."""
        context = recording() if is_on() else None
        if context is not None and len(self._contexts) < LINKS_PER_SPAN:
            self._contexts.append(context)

    def take(self) -> list[SpanContext]:
        """Those noted; from now on there are none."""
        contexts, self._contexts = self._contexts, []
        return contexts


def reacting(name: str, causes: Sequence[SpanContext]) -> Within:
    """A step of a reaction: in the trace of the first that woke it, linked to all of them."""
    if not is_on():
        return Within(None)
    return Within(
        begin(
            Name.REACTION.of(reaction=name),
            Kind.INTERNAL,
            {Key.REACTION: name},
            parent=causes[0] if causes else None,
            links=causes,
        )
    )


def working(task: str) -> Within:
    """A piece of work in the background, in the trace of what woke it, even when that is over."""
    if not is_on():
        return Within(None)
    woken_by = get_current_span().get_span_context()
    parent = woken_by if woken_by.is_valid and woken_by.trace_flags.sampled else None
    return Within(begin(Name.WORK.of(task=task), Kind.INTERNAL, {Key.TASK: task}, parent=parent))


def own_command(name: str) -> str:
    """The `traceparent` of a command that a service issues itself.

    Recorded as a moment: its duration is that of the step it is part of, where there is one.
    """
    if not is_on():
        return text_of(fresh())
    span = begin(
        Name.COMMAND.of(command=name), Kind.INTERNAL, {Key.COMMAND: name}, parent=recording()
    )
    span.end()
    context = span.get_span_context()
    return text_of(context if context.is_valid else fresh())
