"""How long an accepted command takes to show in the other service, apart from the load."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from kentongan.demo.clients.service_client import Accepted

PAUSE_SECONDS = 0.002
"""Between two looks; with the look's own time it bounds the measure's error."""


class NeverVisible(Exception):
    """An accepted command did not show in the other service within the deadline."""


@dataclass(frozen=True, slots=True)
class Delays:
    """Milliseconds from a command's answer to the first look that finds it in the other service."""

    milliseconds: tuple[float, ...]

    def percentile(self, percent: float) -> float:
        """The nearest-rank percentile; NaN of an empty sample."""
        ordered = sorted(self.milliseconds)
        if not ordered:
            return math.nan
        return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


async def until_visible(
    accepted: Accepted, look: Callable[[], Awaitable[int | None]], *, seconds: float = 15.0
) -> float:
    """Milliseconds until `look` (which returns the version seen) reaches the accepted version.

    Raises NeverVisible.
    """
    deadline = time.monotonic() + seconds
    while True:
        seen = await look()
        now = time.monotonic()
        if seen is not None and seen >= accepted.version:
            return 1000 * (now - accepted.answered_at)
        if now > deadline:
            raise NeverVisible
        await asyncio.sleep(PAUSE_SECONDS)
