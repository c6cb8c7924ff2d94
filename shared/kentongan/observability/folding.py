"""Libraries' log records, folded: the first of a kind at once, its repeats as a number.

While a broker is away its client logs some 75 sentences a second, all alike, and each is paid for
where logs are kept. The kit's own lines are facts and are never folded.
"""

import logging
import time
from collections.abc import Callable, Hashable, Iterator
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import TextIO

import structlog

PERIOD_SECONDS = 60.0
"""How often a kind that goes on is said again."""
KINDS = 1_000
"""No more are remembered: a library that words each record anew must not fill the memory."""


@dataclass(slots=True)
class _Kind:
    last: logging.LogRecord
    said_at: float
    context: Context = field(default_factory=copy_context)
    """Where it was said first: whoever's record brings the number to light is somewhere else."""
    unsaid: int = 0


class FoldingHandler(logging.StreamHandler[TextIO]):
    """Writes records; of a library's repeats within the period only how many there were.

    A kind is a logger, a place in its code, a level, an exception's type, and the client that said
    it. What was left unsaid is said at the next record after the period, whoever logs it.
    """

    def __init__(self, stream: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._now = now
        self._kinds: dict[Hashable, _Kind] = {}
        self._next_look = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it. Called under the handler's lock."""
        now = self._now()
        if now >= self._next_look:
            self._next_look = now + PERIOD_SECONDS / 10
            for overdue in self._overdue(now):
                overdue.context.run(super().emit, overdue.last)
        if not is_foreign(record):
            super().emit(record)
            return
        kind = _kind_of(record)
        known = self._kinds.get(kind)
        if known is not None:
            known.unsaid += 1
            known.last = record
            return
        if len(self._kinds) < KINDS:
            self._kinds[kind] = _Kind(record, now)
        super().emit(record)

    def _overdue(self, now: float) -> Iterator[_Kind]:
        for kind, known in list(self._kinds.items()):
            if now < known.said_at + PERIOD_SECONDS:
                continue
            if not known.unsaid:
                del self._kinds[kind]
                continue
            known.last.repeated = known.unsaid
            known.said_at, known.unsaid = now, 0
            yield known


def is_foreign(record: logging.LogRecord) -> bool:
    """Whether a library wrote it: structlog's records carry their facts, a library's a sentence."""
    return not isinstance(record.msg, dict)


def _kind_of(record: logging.LogRecord) -> Hashable:
    failure = record.exc_info[0] if record.exc_info else None
    client = structlog.contextvars.get_contextvars().get("client")
    return record.name, record.pathname, record.lineno, record.levelno, failure, client
