"""Waiting for something to come true, with a deadline and a name for what was waited for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")
PAUSE_SECONDS = 0.03


class WaitedInVain(Exception):
    """The deadline passed first."""


async def until(
    look: Callable[[], Awaitable[Found | None]], *, seconds: float, what: str
) -> tuple[Found, float]:
    """Look until there is something; it, and the seconds that it took. Raises WaitedInVain."""
    began = time.monotonic()
    while True:
        found = await look()
        taken = time.monotonic() - began
        if found is not None:
            return found, taken
        if taken > seconds:
            raise WaitedInVain(f"{what} did not come within {seconds:.0f} s")
        await asyncio.sleep(PAUSE_SECONDS)
