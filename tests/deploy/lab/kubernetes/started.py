"""Processes of a laboratory: a log each, ended by their own pid, or with the test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from kentongan.local import die_with_parent


class NotReady(RuntimeError):
    """Something did not come up in time; the message ends with its log's last lines."""


class Started:
    """What one laboratory runs. `end` leaves none of it behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(
        self, name: str, *command: str | Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start a process in the background, its output in `<name>.log`."""
        trampoline = [sys.executable, "-I", "-S", die_with_parent.__file__, str(os.getpid())]
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*trampoline, *(str(part) for part in command)],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
        self._running.append((name, process))

    def wait_for(self, what: str, holds: Callable[[], bool], seconds: float = 90.0) -> None:
        """Poll until it holds. Raises NotReady, also when one of the processes has ended."""
        deadline = time.monotonic() + seconds
        while not holds():
            for name, process in self._running:
                if process.poll() is not None:
                    raise NotReady(
                        f"{what}: {name} ended with {process.returncode}{self.tail(name)}"
                    )
            if time.monotonic() > deadline:
                raise NotReady(f"{what}: not within {seconds:g} s{self.tail(self._running[-1][0])}")
            time.sleep(0.1)

    def tail(self, name: str, lines: int = 15) -> str:
        """The end of a process's log."""
        text = (self._folder / f"{name}.log").read_text("utf-8", "replace")
        return "\n" + "\n".join(text.splitlines()[-lines:])

    def end(self) -> None:
        """End all, the last one first, each killed where it takes more than five seconds."""
        while self._running:
            _, process = self._running.pop()
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
