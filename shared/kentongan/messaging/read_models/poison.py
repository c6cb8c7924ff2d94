"""Records that can't be applied: set aside before the commit, and the stop where they are a flood.

The stop exists so that a misconfiguration doesn't turn a whole topic into dead letters.
"""

import time
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from kentongan.domain.clock import utc_now
from kentongan.messaging.cloudevents import Reason as BrokenReason
from kentongan.storage.dead_letters import DeadLetter

_DETAIL_LENGTH = 500


class Refused(StrEnum):
    """Why an event of a sound envelope can't be applied."""

    SCHEMA = "schema"
    READER_FAILED = "reader-failed"
    UNENCODABLE = "unencodable"
    WRITE_REFUSED = "write-refused"


REASONS = (*map(str, BrokenReason), *map(str, Refused))
"""All that a dead letter may be set aside for."""


class Poison(NamedTuple):
    """A record that can't be applied, and why. `detail` holds no value of the record's data."""

    record: Any
    reason: BrokenReason | Refused
    detail: str
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """A flood: within the window (seconds), at least so many, and more than this share of all."""

    window_seconds: float = 60.0
    number: int = 200
    share: float = 0.25

    def exceeded(self, *, records: int, poison: int) -> bool:
        """Whether so much poison among so many records is a flood."""
        return poison >= self.number and poison > self.share * records


class FloodGuard:
    """Watches the share of poison over a sliding window."""

    def __init__(self, limits: FloodLimits) -> None:
        self._limits = limits
        self._window: deque[tuple[float, int, int]] = deque()

    def note(self, records: int, poison: int) -> None:
        """So many records were taken, so many of them poison."""
        now = time.monotonic()
        self._window.append((now, records, poison))
        while self._window and self._window[0][0] < now - self._limits.window_seconds:
            self._window.popleft()

    @property
    def flood(self) -> str | None:
        """Why the consumer has to stop, or None."""
        return self.flood_amid(records=0, poison=0)

    def flood_amid(self, *, records: int, poison: int) -> str | None:
        """The same amid a write of so many records, so many of them refused by now.

        They may have left the window: judging what a write is refused for takes its time.
        """
        records = max(records, sum(seen for _, seen, _ in self._window))
        poison = max(poison, sum(bad for _, _, bad in self._window))
        if not self._limits.exceeded(records=records, poison=poison):
            return None
        return f"{poison} of {records} records within {self._limits.window_seconds:g} s are poison"

    def forget(self) -> None:
        """Begin again, after a resume."""
        self._window.clear()


def dead_letter(group: str, poison: Poison) -> DeadLetter:
    """The dead letter of a record: its raw bytes and headers, and the reason."""
    record = poison.record
    return DeadLetter(
        group=group,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        reason=str(poison.reason),
        detail=poison.detail[:_DETAIL_LENGTH],
        at=utc_now(),
        attempts=poison.attempts,
    )
