"""One process of a service: the roles it plays, from an orderly start to an orderly end."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from enum import IntEnum
from typing import Any

import structlog

from kentongan.messaging.kafka.topics import TopicsNotReady
from kentongan.process.readiness import Readiness
from kentongan.process.roles import Roles
from kentongan.process.web_server import WebServer
from kentongan.storage.errors import StorageNotPrepared

_log = structlog.get_logger(__name__)


class ExitCode(IntEnum):
    """What a platform may make of an end. Wrong arguments and settings end with 2, at the start."""

    ORDERLY = 0
    FAILED = 1
    """A new process may do better."""
    NOT_PREPARED = 3
    """Topics or collections aren't as the contracts want them; what makes them must run first."""


Background = Callable[[], Coroutine[Any, Any, None]]
"""Work that goes on for as long as the process lives."""


class Host:
    """Runs the web server at once and the roles as soon as storage and topics are in order.

    The end is ordered and bounded: readiness off, for a while still answering, HTTP drained,
    consumer and reactions stopped, relay stopped, connections closed.
    """

    def __init__(
        self,
        web_server: WebServer,
        roles: Roles,
        readiness: Readiness,
        *,
        shutdown_seconds: float,
        lame_duck_seconds: float = 0.0,
        background: Sequence[Background] = (),
    ) -> None:
        self._web_server = web_server
        self._roles = roles
        self._readiness = readiness
        self._shutdown_seconds = shutdown_seconds
        self._lame_duck_seconds = lame_duck_seconds
        self._background = (readiness.keep_looking, *background)
        self._ending = asyncio.Event()
        self._hurried = asyncio.Event()
        self._failure: str | None = None
        self._exit_code = ExitCode.ORDERLY

    def end(self) -> None:
        """Ask for an orderly end, with exit code 0; asked again, it no longer waits for callers."""
        if self._ending.is_set():
            self._hurried.set()
        self._ending.set()

    def fail(self, reason: str, code: ExitCode = ExitCode.FAILED) -> None:
        """End because of a defect that only a new process mends."""
        _log.error("process.failing", reason=reason)
        if self._failure is None:
            self._failure, self._exit_code = reason, code
        self._hurried.set()
        self._ending.set()

    async def run(self) -> int:
        """Run until a signal or a failure; returns the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        self._web_server.serving.add_done_callback(self._unless_ending("the web server ended"))
        background = [asyncio.create_task(work()) for work in self._background]
        for task in background:
            task.add_done_callback(self._unless_ending("background work ended"))
        starting = asyncio.create_task(self._start_roles(), name="start-roles")
        await self._ending.wait()
        try:
            async with asyncio.timeout(self._shutdown_seconds):
                await self._shut_down(starting)
        except TimeoutError:
            self.fail(f"the shutdown took more than {self._shutdown_seconds} s")
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        _log.info("process.ended", failure=self._failure)
        return int(self._exit_code)

    async def _start_roles(self) -> None:
        try:
            await self._roles.start(self.fail)
        except asyncio.CancelledError:
            raise
        except (StorageNotPrepared, TopicsNotReady) as error:
            self.fail(str(error), ExitCode.NOT_PREPARED)
        except Exception as error:  # noqa: BLE001 - whatever it is, the process ends and says it
            _log.exception("process.start_failed")
            self.fail(str(error))

    async def _shut_down(self, starting: "asyncio.Task[None]") -> None:
        self._readiness.ending = True
        self._web_server.let_go()
        await self._be_a_lame_duck()
        starting.cancel()
        await self._web_server.drain()
        await asyncio.gather(starting, return_exceptions=True)
        await self._roles.stop()

    async def _be_a_lame_duck(self) -> None:
        """Answer on until whoever sends requests has seen that we are not ready any more."""
        if not self._lame_duck_seconds or self._hurried.is_set():
            return
        _log.info("process.lame_duck", seconds=self._lame_duck_seconds)
        try:
            async with asyncio.timeout(self._lame_duck_seconds):
                await self._hurried.wait()
        except TimeoutError:
            pass

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
