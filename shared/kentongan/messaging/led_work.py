"""Work in the background that one process of a service does at a time: long steps of its own.

Level-triggered: what is left is found by query, so what a process that crashed left behind is found
again at the next start, or by the reaction that looks once a minute.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Generic, TypeVar

import structlog

from kentongan.messaging.leadership import Leadership, process_name
from kentongan.observability.tracing.works import working
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageError
from kentongan.storage.lease import Lease

PAUSE_SECONDS = 1.0
"""Between two looks while another process leads."""

Piece = TypeVar("Piece")
_log = structlog.get_logger(__name__)


class LedWork(Generic[Piece]):
    """Works off what is left, piece by piece, while this process holds the lease of the task.

    `left` looks anew for each piece, and ends where nothing is left. A StorageError, logged under
    the name `interrupted`, ends the run; a process that ends amid a piece lets the lease run out.
    """

    def __init__(
        self,
        database: Database,
        task: str,
        *,
        left: Callable[[], AsyncIterator[Piece]],
        work: Callable[[Piece], Awaitable[None]],
        interrupted: str,
    ) -> None:
        self._leadership = Leadership(Lease(database, task, process_name()), task)
        self._name = task
        self._left = left
        self._work = work
        self._interrupted = interrupted
        self._task: asyncio.Task[None] | None = None
        self._woken = False

    def wake(self) -> None:
        """Begin in the background, unless it is under way; then once more at its end."""
        self._woken = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._while_woken(), name=self._name)

    async def _while_woken(self) -> None:
        """Once more where something came while the lease was given away."""
        while self._woken:
            self._woken = False
            await self._until_nothing_is_left()

    async def _until_nothing_is_left(self) -> None:
        try:
            async for piece in self._left():
                if await self._leadership.lead():
                    with working(self._name):
                        await self._work(piece)
                else:
                    await asyncio.sleep(PAUSE_SECONDS)
        except StorageError as error:
            _log.warning(self._interrupted, rule=error.rule)
        await self._leadership.resign()
