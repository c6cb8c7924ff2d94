"""Child processes of the stack: they die with us, and can be stopped, killed and paused."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import structlog

from kentongan.local import die_with_parent
from kentongan.local.failures import CannotRunHere
from kentongan.local.polling import wait_until
from kentongan.settings.environment import FILE_SUFFIX

_log = structlog.get_logger(__name__)
_LINES_SHOWN = 20

# The kernel's "parent died" means the thread that forked, so one thread that lives as long as
# this process does all the forking.
_forking_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fork")


class ProcessEndedEarly(CannotRunHere):
    """A child process ended before it was ready."""

    def __init__(self, name: str, returncode: int, log_tail: str) -> None:
        super().__init__(f"{name} ended with {returncode} before it was ready:\n{log_tail}")
        self.name = name
        self.returncode = returncode
        self.log_tail = log_tail


class NotReadyInTime(CannotRunHere):
    """A child process runs, but did not become ready before its deadline."""


class ChildProcess:
    """One program, run in a session of its own so that Ctrl-C reaches us alone and we stop it.

    Its output is appended to `log_file`. It may be started again after it ended.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log_file: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.log_file = log_file
        self._environment = _with_own(environment) if environment else None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program; it is not ready yet."""
        if self.running:
            raise RuntimeError(f"{self.name} already runs")
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        self._process = _forking_thread.submit(self._fork).result()
        _log.debug("process.started", process=self.name, pid=self._process.pid)

    def _fork(self) -> subprocess.Popen[bytes]:
        trampoline = [sys.executable, "-I", "-S", die_with_parent.__file__, str(os.getpid())]
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [*trampoline, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=self._environment,
            )

    @property
    def running(self) -> bool:
        """Whether the program was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the latest start."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How the latest start ended; None while it runs, negative for a signal."""
        return None if self._process is None else self._process.poll()

    def raise_if_ended(self) -> None:
        """Raise ProcessEndedEarly with the tail of the log where the program has ended."""
        if self.returncode is not None:
            raise ProcessEndedEarly(self.name, self.returncode, self.log_tail())

    async def wait_ready(self, ready: Coroutine[Any, Any, None], *, seconds: float = 90.0) -> None:
        """Wait for `ready`; raises ProcessEndedEarly or NotReadyInTime instead of hanging."""
        waiting = asyncio.ensure_future(ready)
        try:
            await wait_until(lambda: waiting.done() or not self.running, seconds=seconds)
            if waiting.done():
                return waiting.result()
            self.raise_if_ended()
            raise NotReadyInTime(
                f"{self.name} is not ready after {seconds:g} s:\n{self.log_tail()}"
            )
        finally:
            waiting.cancel()

    async def wait_ended(self, *, seconds: float) -> int | None:
        """The exit code, or None where the program still runs after the deadline."""
        await wait_until(lambda: not self.running, seconds=seconds)
        return self.returncode

    async def stop(self, *, seconds: float = 10.0) -> None:
        """Ask the program to end; after the deadline, kill it."""
        if not self.running:
            return
        self.send(signal.SIGTERM)
        self.send(signal.SIGCONT)
        if not await wait_until(lambda: not self.running, seconds=seconds):
            _log.warning("process.killed", process=self.name, after_seconds=seconds)
            await self.kill()

    async def kill(self) -> None:
        """End the program at once, as a crash would, and wait until it is gone."""
        self.send(signal.SIGKILL)
        if not await wait_until(lambda: not self.running, seconds=10):
            raise NotReadyInTime(f"{self.name} did not end after SIGKILL")

    def pause(self) -> None:
        """Freeze the program: connections stay open and nothing answers."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused program go on."""
        self.send(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program, if it still runs."""
        if self._process is not None:
            self._process.send_signal(number)

    def log_tail(self) -> str:
        """The last lines that the program wrote."""
        return tail(self.log_file, _LINES_SHOWN)


def tail(file: Path, lines: int) -> str:
    """The last lines of a text file, or nothing where there is no file."""
    try:
        with file.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - 64 * 1024))
            text = stream.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _with_own(environment: Mapping[str, str]) -> dict[str, str]:
    """Ours with what is stated; a file that holds a stated setting would be a second answer."""
    files = {f"{name}{FILE_SUFFIX}" for name in environment}
    inherited = {name: value for name, value in os.environ.items() if name not in files}
    return {**inherited, **environment}
