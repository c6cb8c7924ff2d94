"""What wakes the relay at once; polling is the truth, so a lost wake-up costs a poll.

A second without the change stream; with it, which begins with a look at all that waits, five.
"""

import asyncio
from collections.abc import Callable

import structlog

from kentongan.messaging.patience import Patience, nap
from kentongan.messaging.relay.back_off import Identity
from kentongan.storage.errors import StorageError
from kentongan.storage.outbox import Outbox

_log = structlog.get_logger(__name__)


class WakeUp:
    """Coalesces wake-ups, from the same process and from a change stream over the outboxes."""

    def __init__(self, outbox: Outbox, is_taken: Callable[[Identity], bool]) -> None:
        self._outbox = outbox
        self._is_taken = is_taken
        self._event = asyncio.Event()
        self.watches = False
        """Whether a change stream tells of writes by other processes."""

    def wake(self) -> None:
        """There may be something to publish."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Until somebody wakes, or the time is over; whether somebody did."""
        await nap(self._event, seconds)
        woken = self._event.is_set()
        self._event.clear()
        return woken

    async def watch(self) -> None:
        """Wake at every write that leaves an event, whoever wrote it; for ever.

        A stream that can't be resumed starts from now: what was missed, the next poll finds.
        """
        patience = Patience(0.5, 10.0)
        while True:
            try:
                async for identity in self._outbox.watch():
                    patience.succeeded()
                    if identity is None:
                        # It begins now: whatever was written before, one look finds.
                        self.watches = True
                        self.wake()
                        continue
                    # A write in this process was told of at once, and is on its way by now.
                    if not self._is_taken(identity):
                        self.wake()
            except StorageError as error:
                _log.info("relay.watch_reopened", error=str(error))
            except Exception:  # noqa: BLE001  # a defect: without the stream each event waits a poll
                _log.exception("relay.watch_failed")
            self.watches = False
            await asyncio.sleep(patience.failed())
