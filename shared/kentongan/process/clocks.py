"""How far the process's clock is from the database's; tokens and events' times depend on it."""

import structlog

from kentongan.observability import metrics
from kentongan.storage.driver import Greeting

WORTH_SAYING_SECONDS = 5.0
TOKENS_SUFFER_SECONDS = 30.0
"""What a token's times are granted; beyond it fresh tokens are refused, or old ones taken."""

_log = structlog.get_logger(__name__)


class Clocks:
    """Compares the clocks whenever the database has answered."""

    def __init__(self, service: str) -> None:
        self._gauge = metrics.CLOCK_DIFFERENCE.labels(service)
        self._apart: bool | None = None

    def compare(self, greeting: Greeting) -> None:
        """Show the difference, and say it in the log at the start and when it becomes large."""
        self._gauge.set(greeting.clock_difference)
        apart = is_apart(greeting)
        if apart and not self._apart:
            _log.warning(
                "clock.differs",
                seconds=round(greeting.clock_difference, 3),
                round_trip=round(greeting.round_trip, 3),
            )
        elif self._apart is None or (self._apart and not apart):
            _log.info("clock.agrees", seconds=round(greeting.clock_difference, 3))
        self._apart = apart


def is_apart(greeting: Greeting, bound: float = WORTH_SAYING_SECONDS) -> bool:
    """Whether the clocks differ by more than this, wherever in the round trip the server looked."""
    return abs(greeting.clock_difference) - greeting.round_trip / 2 > bound
