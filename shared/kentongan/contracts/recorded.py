"""An event as it waits in an outbox: recorded with the state it describes, not yet published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One entry of an outbox. `data` is JSON-ready; `sequence` is the aggregate's version."""

    event_id: str
    type: str
    key: str
    sequence: int
    time: datetime
    data: dict[str, Any]
    correlation_id: str
    causation_id: str
    traceparent: str
    republished_at: datetime | None = None
    """When it was handed over once more, long after it was recorded."""
