"""A log line for what is set aside: its place and reason, never its data; few lines in a flood."""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence

import structlog

from kentongan.messaging.read_models.poison import Poison
from kentongan.observability.tracing.contexts import trace_id_of

_log = structlog.get_logger(__name__)

LINES = 20
"""So many records a window have a line each; of what comes after them, one line says how many."""
WINDOW_SECONDS = 60.0
_PLAIN = re.compile(rb"[A-Za-z0-9._:-]{1,120}")


class SetAsideLog:
    """The lines of one consumer or build. `settle` now and then, and at the end."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began = -WINDOW_SECONDS
        self._lines = 0
        self._unsaid: Counter[str] = Counter()

    def note(self, poison: Sequence[Poison]) -> None:
        """These are kept as dead letters by now."""
        self.settle()
        for one in poison:
            if self._lines < LINES:
                self._lines += 1
                _log.warning("record.set_aside", **_facts(one))
            else:
                self._unsaid[str(one.reason)] += 1

    def settle(self, *, ending: bool = False) -> None:
        """Say how many had no line of their own, where a window is over."""
        if not ending and self._now() < self._began + WINDOW_SECONDS:
            return
        if self._unsaid:
            _log.warning(
                "records.set_aside", number=self._unsaid.total(), reasons=dict(self._unsaid)
            )
            self._unsaid.clear()
        self._began, self._lines = self._now(), 0


def _facts(poison: Poison) -> dict[str, object]:
    record = poison.record
    facts: dict[str, object] = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "reason": str(poison.reason),
    }
    for fact, header in (("event_id", "ce_id"), ("type", "ce_type")):
        values = [value for name, value in record.headers if name == header]
        # A broken envelope may hold anything there, a sentence about a person included.
        if len(values) == 1 and values[0] is not None and _PLAIN.fullmatch(values[0]):
            facts[fact] = values[0].decode()
    contexts = [value for name, value in record.headers if name == "ce_traceparent" and value]
    if len(contexts) == 1 and (trace_id := trace_id_of(contexts[0].decode(errors="replace"))):
        facts["trace_id"] = trace_id
    return facts
