"""A client that doesn't give up: it repeats a command under one key until it is told what became
of it, as every client of the programme is asked to."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

PATIENCE_SECONDS = 150.0
"""A service that was killed may take long to come back on a busy machine."""
PAUSE_SECONDS = 0.05
PASSING = {"too-many-conflicts", "not-known-yet"}


@dataclass(slots=True)
class Persistence:
    """Counts what the faults did to its clients."""

    unheard: int = 0
    """Requests whose answer never came."""
    replayed: int = 0
    """Commands that had been carried out before, and were answered once more."""

    async def until_told(self, send: Callable[[str], Awaitable[httpx.Response]]) -> httpx.Response:
        """The answer that counts. `send` is given the key, the same each time.

        Raises TimeoutError where nobody answers for long.
        """
        key = uuid.uuid4().hex
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = await send(key)
            except httpx.TransportError:
                self.unheard += 1
            else:
                if not _passes(answer):
                    self.replayed += answer.headers.get("idempotency-replayed") == "true"
                    return answer
            await asyncio.sleep(PAUSE_SECONDS)
        raise TimeoutError


def _passes(answer: httpx.Response) -> bool:
    """Whether the same command may succeed in a moment."""
    if answer.status_code == httpx.codes.CONFLICT:
        return answer.json()["rule"] in PASSING
    return answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
