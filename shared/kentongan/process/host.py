"""One process of a service: the roles it plays, from an orderly start to an orderly end."""

import asyncio
import signal
from collections.abc import Callable, Sequence

import structlog

from kentongan.process.roles import Roles
from kentongan.process.web_server import WebServer

_log = structlog.get_logger(__name__)


class Host:
    """Runs the web server at once and the roles as soon as storage and topics are in order.

    The end is ordered and bounded: readiness off, HTTP drained, consumer and reactions stopped,
    relay stopped, connections closed.
    """

    def __init__(self, web_server: WebServer, roles: Roles, *, shutdown_seconds: float) -> None:
        self._web_server = web_server
        self._roles = roles
        self._shutdown_seconds = shutdown_seconds
        self._ending = asyncio.Event()
        self._failure: str | None = None

    def end(self) -> None:
        """Ask for an orderly end; the exit code is 0."""
        self._ending.set()

    def fail(self, reason: str) -> None:
        """End because of a defect that only a restart mends; the exit code is 1."""
        _log.error("process.failing", reason=reason)
        self._failure = self._failure or reason
        self._ending.set()

    async def run(self) -> int:
        """Run until a signal or a failure; returns the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        serving = self._web_server.serving
        serving.add_done_callback(self._unless_ending("the web server ended"))
        starting = asyncio.create_task(self._start_roles(), name="start-roles")
        await self._ending.wait()
        starting.cancel()
        try:
            async with asyncio.timeout(self._shutdown_seconds):
                await self._shut_down(starting)
        except TimeoutError:
            self.fail(f"the shutdown took more than {self._shutdown_seconds} s")
        _log.info("process.ended", failure=self._failure)
        return 1 if self._failure else 0

    async def _start_roles(self) -> None:
        try:
            await self._roles.start(self.fail)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the process ends and says it
            _log.exception("process.start_failed")
            self.fail(str(error))

    async def _shut_down(self, starting: "asyncio.Task[None]") -> None:
        self._roles.ending = True
        await self._web_server.drain()
        await asyncio.gather(starting, return_exceptions=True)
        await self._roles.stop()

    def _unless_ending(self, reason: str) -> Callable[["asyncio.Task[None]"], None]:
        def ended(task: "asyncio.Task[None]") -> None:
            if not self._ending.is_set():
                error = None if task.cancelled() else task.exception()
                self.fail(f"{reason}: {error}" if error else reason)

        return ended


def chosen_roles(asked: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    """The roles to play: all that the service offers where none was asked. Raises ValueError."""
    if unknown := sorted(set(asked) - set(offered)):
        raise ValueError(f"unknown role {', '.join(unknown)}; offered: {', '.join(offered)}")
    return tuple(role for role in offered if not asked or role in asked)
