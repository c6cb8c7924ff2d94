"""The courier: publishes what is due, plans deliveries, sends them, and records whom they reached.

Several processes may play it at once. It finds all its work by query, so that killing it anywhere
loses nothing: the next one, or itself when it is back, goes on.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from kentongan.messaging.patience import Patience, nap
from kentongan.storage.errors import StorageError
from services.broadcast.courier.finishing import Finishing
from services.broadcast.courier.planning import Planning
from services.broadcast.courier.sending import Sending

ENDING_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class Courier:
    """The role `courier`. Woken in the process that publishes, else it looks at every poll."""

    def __init__(
        self,
        publish_due: Callable[[datetime], Awaitable[int]],
        planning: Planning,
        sending: Sending,
        finishing: Finishing,
        clock: Callable[[], datetime],
        *,
        poll_seconds: float,
    ) -> None:
        self._publish_due = publish_due
        self._planning = planning
        self._sending = sending
        self._finishing = finishing
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        planning.on_planned = sending.wake
        sending.on_idle = self.wake

    def wake(self) -> None:
        """Something was published, planned or sent: look at once."""
        self._woken.set()
        self._sending.wake()

    async def start(self) -> None:
        """Begin in the background."""
        self._tasks = [
            asyncio.create_task(self._work(), name="courier-planning"),
            asyncio.create_task(self._sending.run(), name="courier-sending"),
        ]

    async def stop(self) -> None:
        """End where it is. What is on the wire gets a moment; what is claimed is given back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(StorageError, TimeoutError):
            await self._sending.stop()
        with contextlib.suppress(StorageError, TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                await self._planning.release()

    async def turn(self) -> None:
        """Everything that can be done now, to its end: what a test or a tool calls instead."""
        await self._publish_and_plan()
        await self._sending.until_nothing_is_due()
        await self._finishing.finish()

    async def _publish_and_plan(self) -> None:
        await self._publish_due(self._clock())
        await self._planning.plan_waiting()

    async def _work(self) -> None:
        patience = Patience(0.5, 30.0)
        while True:
            try:
                self._woken.clear()
                await self._publish_and_plan()
                await self._finishing.finish()
                patience.succeeded()
                await nap(self._woken, self._poll_seconds)
            except StorageError as error:
                _log.warning("courier.waits", rule=error.rule)
                await asyncio.sleep(patience.failed())
            except Exception:  # noqa: BLE001 - a defect must not end the courier for good
                _log.exception("courier.failed")
                await asyncio.sleep(patience.failed())
