"""The control groups that a node's pods run in: their weight on the host, and their end."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PODS = "kubepods"
WEIGHT = 16_384
"""Of cgroups of version 1, where one process beside them weighs 1024."""


def weigh() -> None:
    """All pods together weigh as their requests do, which starves a city on a busy machine."""
    shares = ROOT / "cpu" / PODS / "cpu.shares"
    if shares.exists():
        shares.write_text(str(WEIGHT))


def end() -> None:
    """Kill what is left in the groups, whose parents may be gone, and take the groups away."""
    deadline = time.monotonic() + 10
    while groups() and time.monotonic() < deadline:
        for pid in _processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for group in groups():
            # One that still has a process in it stays, for the next round.
            with contextlib.suppress(OSError):
                group.rmdir()
        time.sleep(0.05)


def groups() -> list[Path]:
    """The pods' groups in every hierarchy, the innermost first."""
    return [folder for top in _tops() for folder in (*_below(top), top)]


def _tops() -> list[Path]:
    return [*ROOT.glob(PODS), *ROOT.glob(f"*/{PODS}")]


def _below(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError):
        for inner in folder.iterdir():
            if inner.is_dir():
                yield from _below(inner)
                yield inner


def _processes() -> set[int]:
    found: set[int] = set()
    for group in groups():
        with contextlib.suppress(OSError):
            found.update(int(line) for line in (group / "cgroup.procs").read_text().split())
    return found
