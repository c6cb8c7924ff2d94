"""How long to wait before trying again: longer each time, up to a bound, with jitter."""

import asyncio
import contextlib
import random


class Patience:
    """Seconds: `first`, doubling up to `longest`, each shortened at random by up to half."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self.failures = 0

    def failed(self) -> float:
        """Note a failure; the seconds to wait."""
        bound: float = min(self._longest, self._first * 2 ** min(self.failures, 16))
        self.failures += 1
        return bound * random.uniform(0.5, 1.0)

    def succeeded(self) -> None:
        """The next failure waits shortly again."""
        self.failures = 0


async def nap(event: asyncio.Event, seconds: float) -> None:
    """Wait until the event is set or the time is over, whichever comes first."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
