"""Services as processes of their own, as in production, and somebody who notices when one ends."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog

from kentongan.local.polling import wait_until
from kentongan.local.processes import ChildProcess

_log = structlog.get_logger(__name__)


class ServiceProcess(ChildProcess):
    """`python -m kentongan serve NAME …` with its settings in the environment.

    `base_url` is where it will serve HTTP; it is ready when `/health/ready` answers 200.
    """

    def __init__(
        self,
        service: str,
        *,
        base_url: str,
        log_file: Path,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> None:
        command = [sys.executable, "-m", "kentongan", "serve", service, *arguments]
        super().__init__(name or service, command, log_file=log_file, environment=environment)
        self.base_url = base_url
        self.ending_expected = False

    def start(self) -> None:
        """Start the service; it is not ready yet."""
        self.ending_expected = False
        super().start()

    async def start_and_wait(self, *, seconds: float = 60.0) -> None:
        """Start the service, and wait until it says that it is ready."""
        self.start()
        await self.wait_ready(self._says_ready(), seconds=seconds)

    async def stop(self, *, seconds: float = 20.0) -> None:
        """Ask the service to end in order; after the deadline, kill it."""
        self.ending_expected = True
        await super().stop(seconds=seconds)

    async def kill(self) -> None:
        """End the service as a crash would; a supervisor takes it as intended."""
        self.ending_expected = True
        await super().kill()

    async def _says_ready(self) -> None:
        async with httpx.AsyncClient(base_url=self.base_url, timeout=2, trust_env=False) as client:
            while True:
                try:
                    if (await client.get("/health/ready")).status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True)
class ServiceEnded:
    """A service that ended though nobody asked it to."""

    name: str
    returncode: int
    log_file: Path
    log_tail: str


class ServiceSupervisor:
    """Starts services together, notices one that ends by itself, stops them together."""

    def __init__(self, services: Sequence[ServiceProcess]) -> None:
        self.services = list(services)

    async def start(self, *, seconds: float = 60.0) -> None:
        """Start all and wait for all; where one fails, stop the others and raise its error."""
        try:
            async with asyncio.TaskGroup() as starting:
                for service in self.services:
                    starting.create_task(service.start_and_wait(seconds=seconds))
        except BaseExceptionGroup as failures:
            await self.stop()
            raise failures.exceptions[0] from None

    async def unexpected_end(self, *, seconds: float = float("inf")) -> ServiceEnded | None:
        """Wait for a service that ended unasked; None where the time passed without one."""
        await wait_until(lambda: bool(self._ended()), seconds=seconds, every=0.2)
        for service in self._ended():
            ended = ServiceEnded(
                service.name, service.returncode or 0, service.log_file, service.log_tail()
            )
            _log.error("service.ended_unexpectedly", service=ended.name, code=ended.returncode)
            return ended
        return None

    async def stop(self, *, seconds: float = 20.0) -> None:
        """Stop all at once; the deadline holds for each."""
        await asyncio.gather(*(service.stop(seconds=seconds) for service in self.services))

    def _ended(self) -> list[ServiceProcess]:
        return [
            service
            for service in self.services
            if service.returncode is not None and not service.ending_expected
        ]
