"""What waits in the outboxes, shown by whoever leads the relay; by everybody where nobody does.

An alert on the outbox's age is there for the day on which nothing relays, so it can't be that day's
leader alone who shows it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from kentongan.messaging.relay.loop import LEASE
from kentongan.observability import metrics
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageError
from kentongan.storage.lease import Lease
from kentongan.storage.outbox import Outbox

_log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
LEADERS_SECONDS = 5.0
OTHERS_SECONDS = 10.0
"""How soon a process that doesn't lead notices that nobody does: twice this, for a lease passes
from one to the next within its length."""


class OutboxView:
    """Runs in every process of a service, whatever its roles. `leads`: whether its relay does."""

    def __init__(
        self,
        service: str,
        database: Database,
        collections: Sequence[str],
        leads: Callable[[], bool] = lambda: False,
    ) -> None:
        self._service = service
        self._outbox = Outbox(database, collections)
        self._lease = Lease(database, LEASE, "onlooker")
        self._leads = leads
        self._nobody_led = False
        self._shown = False
        self._showing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to show, in the background."""
        self._showing = asyncio.create_task(self._run(), name="outbox-metrics")

    async def stop(self) -> None:
        """Show nothing more."""
        if self._showing is not None:
            self._showing.cancel()
            await asyncio.gather(self._showing, return_exceptions=True)
        self._hide()

    async def _run(self) -> None:
        due = 0.0
        while True:
            leads = self._leads()
            metrics.RELAY_LEADER.labels(self._service).set(leads)
            await asyncio.sleep(LOOK_SECONDS)
            if (now := time.monotonic()) < due:
                continue
            due = now + (LEADERS_SECONDS if leads else OTHERS_SECONDS)
            try:
                await self._look(leads)
            except StorageError:
                # Of a database that is away nobody knows what waits in it.
                self._hide()
            except Exception:  # noqa: BLE001  # a defect in a figure stops no event
                _log.exception("outbox.not_shown")

    async def _look(self, leads: bool) -> None:
        led = leads or await self._lease.taken()
        if leads or (not led and self._nobody_led):
            backlog = await self._outbox.backlog()
            metrics.OUTBOX_BACKLOG.labels(self._service).set(backlog.count)
            metrics.OUTBOX_AGE.labels(self._service).set(backlog.oldest_age_seconds)
            self._shown = True
        else:
            self._hide()
        self._nobody_led = not led

    def _hide(self) -> None:
        if self._shown:
            self._shown = False
            metrics.OUTBOX_BACKLOG.remove(self._service)
            metrics.OUTBOX_AGE.remove(self._service)
