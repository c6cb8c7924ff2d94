"""Retries of a transaction that lost its race: how often, and how long to wait in between."""

import asyncio
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a transaction is tried in all, and the `seconds` that the pauses grow from.

    for attempt in range(retries.tries):
        await retries.pause(attempt)
    """

    tries: int = 5
    seconds: float = 0.05

    async def pause(self, attempt: int) -> None:
        """Nothing before the first try, `attempt` 0; then a random moment, longer each time.

        The database tells a lost race at once, while the winner is still writing.
        """
        if attempt:
            await asyncio.sleep(random.uniform(self.seconds, self.seconds * 2**attempt))
