"""Waiting for a condition with a deadline."""

import asyncio
import time
from collections.abc import Callable


async def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Poll until the condition holds; False where the deadline passed first."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(every)
    return True
