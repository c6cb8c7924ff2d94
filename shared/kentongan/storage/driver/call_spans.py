"""Spans of the driver's calls: collection and operation, where they are part of something recorded.

The driver tells of each command as it goes over the wire, on the thread that sends it; Motor gives
that thread the context of the task that asked.
"""

from typing import Any

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from kentongan.observability.tracing.database import begin_call, end_call, fail_call
from kentongan.observability.tracing.spans import Span, recording

_BATCHES = {"insert": "documents", "update": "updates", "delete": "deletes"}


class CallSpans(CommandListener):
    """To be given to a client only where spans are recorded: the driver tells it of everything."""

    def __init__(self) -> None:
        self._open: dict[int, Span] = {}

    def started(self, event: CommandStartedEvent) -> None:
        """A command is about to be sent."""
        if recording() is None:
            return
        name = event.command_name
        command = event.command
        target = command.get("collection") if name == "getMore" else command.get(name)
        if not isinstance(target, str):
            return
        batch = command.get(_BATCHES.get(name, ""))
        size = len(batch) if isinstance(batch, list) and len(batch) > 1 else None
        span = begin_call(name, event.database_name, target, size)
        if span is not None:
            self._open[event.request_id] = span

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It was answered."""
        if (span := self._open.pop(event.request_id, None)) is not None:
            end_call(span)

    def failed(self, event: CommandFailedEvent) -> None:
        """It was refused, or the connection broke."""
        if (span := self._open.pop(event.request_id, None)) is not None:
            code: Any = event.failure.get("code")
            kind: Any = event.failure.get("codeName") or event.failure.get("errtype")
            fail_call(span, str(kind or "unknown"), code if isinstance(code, int) else None)
