"""One leader per service and task: a lease, renewed in the background while it is held."""

import asyncio
import contextlib
import os
import socket

import structlog

from kentongan.storage.errors import StorageError
from kentongan.storage.lease import Lease

_log = structlog.get_logger(__name__)
RENEWAL_SECONDS = 3.0
"""A third of the lease: two renewals may fail before somebody else leads."""


def process_name() -> str:
    """Who holds a lease: unique among running processes, readable in the database."""
    return f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"


class Leadership:
    """Acquires a lease when asked, keeps it, and hands it over at the end."""

    def __init__(self, lease: Lease, task: str) -> None:
        self._lease = lease
        self._task = task
        self._renewing: asyncio.Task[None] | None = None

    @property
    def leads(self) -> bool:
        """Whether this process leads, as far as its own monotonic clock can tell."""
        return self._lease.held

    async def lead(self) -> bool:
        """Become or stay the leader. Raises StorageUnavailable where nobody can tell."""
        if self.leads:
            return True
        if not await self._lease.acquire():
            return False
        _log.info("leadership.taken", task=self._task)
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew(), name=f"{self._task}-lease")
        return True

    async def resign(self) -> None:
        """Give the lead away at once, so that the next one need not wait for the lease to end."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        if self.leads:
            with contextlib.suppress(StorageError, TimeoutError):
                async with asyncio.timeout(2.0):
                    await self._lease.release()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL_SECONDS)
            try:
                kept = await self._lease.renew()
            except StorageError as error:
                _log.warning("leadership.renewal_failed", task=self._task, error=str(error))
                continue
            if not kept:
                _log.warning("leadership.lost", task=self._task)
                return
