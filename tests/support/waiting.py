"""Waiting for what happens elsewhere: by looking again, never by sleeping for a guess."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def eventually(
    holds: Callable[[], Awaitable[bool] | bool],
    *,
    seconds: float = 60.0,
    what: str = "the condition",
) -> None:
    """Poll until it holds, or fail with what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(0.05)
