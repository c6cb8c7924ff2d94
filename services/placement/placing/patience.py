"""Patience between the tries of a transaction that lost its race."""

import asyncio
import random

TRIES = 5
_SECONDS = 0.05


async def pause(attempt: int) -> None:
    """Nothing before the first try; then a random moment, longer each time.

    The database tells a lost race at once, while the winner is still writing.
    """
    if attempt:
        await asyncio.sleep(random.uniform(_SECONDS, _SECONDS * 2**attempt))
