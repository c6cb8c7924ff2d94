"""Waiting for what happens elsewhere: by looking again, never by sleeping for a guess."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.support.desk import Desk

SECONDS = 60.0
PAUSE_SECONDS = 0.05


async def eventually(
    holds: Callable[[], Awaitable[bool] | bool],
    *,
    seconds: float = SECONDS,
    what: str = "the condition",
) -> None:
    """Poll until it holds, or fail with what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        await asyncio.sleep(PAUSE_SECONDS)


async def until_shown(desk: Desk, path: str, holds: Callable[[Any], bool]) -> dict[str, Any]:
    """What a path shows, once that is as it should be; or fail with its last answer."""
    deadline = time.monotonic() + SECONDS
    while True:
        answer = await desk.get(path)
        if answer.status_code == 200 and holds(answer.json()):
            return dict(answer.json())
        assert time.monotonic() < deadline, f"not within {SECONDS:g} s: {path}: {answer.text}"
        await asyncio.sleep(PAUSE_SECONDS)
