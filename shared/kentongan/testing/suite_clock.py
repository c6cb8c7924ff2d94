"""Pytest plugin: a whole run, with its services, MongoDB and Kafka, at another hour and day.

`KENTONGAN_TEST_CLOCK=2026-12-31T16:59:45Z pytest …` starts the run anew under libfaketime, which
shifts what every process of it is told by the same offset; from there the clock goes on. Clocks
that only measure (monotonic ones) and the dates of files stay true. It has to be loaded by `-p`,
before pytest captures output.
"""

import os
import sys
import time
from collections.abc import Generator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kentongan.domain.calendar import WIB, WIT, WITA
from kentongan.domain.clock import utc_now

CLOCK = "KENTONGAN_TEST_CLOCK"
SINCE = "KENTONGAN_TEST_CLOCK_SINCE"
"""For ourselves: the monotonic second at which the clock showed the moment asked for."""
_OWN_CLOCKS = ("KENTONGAN_TEST_KAFKA", "KENTONGAN_TEST_MONGO")
_LIBRARY = "faketime/libfaketimeMT.so.1"
_FOLDERS = ("lib/*", "lib*", "local/lib")
_TOLERATED = timedelta(seconds=10)


class ClockNotToBeSet(ValueError):
    """The run can't be given the clock that the environment asks for."""


def find_library() -> str | None:
    """The path of libfaketime for programs with threads, as distributions install it."""
    found = (path for folder in _FOLDERS for path in Path("/usr").glob(f"{folder}/{_LIBRARY}"))
    return str(next(found, "")) or None


def wanted_moment(environment: Mapping[str, str]) -> datetime | None:
    """The moment that the environment asks for. Raises ClockNotToBeSet for one that is none."""
    text = environment.get(CLOCK, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ClockNotToBeSet(f"{CLOCK}={text}: no moment, such as 2026-12-31T17:00:00Z") from None
    if moment.tzinfo is None:
        raise ClockNotToBeSet(f"{CLOCK}={text}: the offset is missing, such as Z or +07:00")
    return moment.astimezone(UTC)


def moved_environment(
    environment: Mapping[str, str], now: datetime, monotonic: float, library: str | None
) -> dict[str, str] | None:
    """The environment in which a process started now has the clock asked for.

    None where no clock is asked for, or this process runs under it already. Raises
    ClockNotToBeSet, also where a part of the run has a clock of its own.
    """
    moment = wanted_moment(environment)
    if moment is None or SINCE in environment:
        return None
    for name in _OWN_CLOCKS:
        if environment.get(name):
            raise ClockNotToBeSet(f"{CLOCK} with {name}: that server keeps its own clock")
    if environment.get("KENTONGAN_TEST_STACK") == "containers":
        raise ClockNotToBeSet(f"{CLOCK} with KENTONGAN_TEST_STACK=containers: they keep their own")
    if library is None:
        raise ClockNotToBeSet(f"{CLOCK} needs libfaketime (Debian: apt-get install libfaketime)")
    preloaded = " ".join(filter(None, (library, environment.get("LD_PRELOAD"))))
    return {
        **environment,
        SINCE: str(monotonic),
        "LD_PRELOAD": preloaded,
        "FAKETIME": f"{round((moment - now).total_seconds()):+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Waits by a monotonic clock are left alone too: with the "fix" of newer C libraries a
        # Java process spins instead of waiting.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "FAKETIME_DISABLE_SHM": "1",
        # Python tells by the dates of sources whether its compiled ones are fresh.
        "NO_FAKE_STAT": "1",
    }


def clock_differs(environment: Mapping[str, str], now: datetime, monotonic: float) -> bool:
    """Whether this process was started under a clock, and is told another time all the same."""
    moment = wanted_moment(environment)
    if moment is None or SINCE not in environment:
        return False
    expected = moment + timedelta(seconds=monotonic - float(environment[SINCE]))
    return abs(now - expected) > _TOLERATED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Before anything is captured or started: begin anew under the clock asked for."""
    try:
        environment = moved_environment(os.environ, utc_now(), time.monotonic(), find_library())
    except ClockNotToBeSet as refused:
        raise pytest.UsageError(str(refused)) from None
    if environment is not None:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606
    if clock_differs(os.environ, utc_now(), time.monotonic()):
        raise pytest.UsageError(f"{CLOCK}: libfaketime is loaded, and moves no clock")
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say by which clock the tests ran, where it wasn't the machine's."""
    began = wanted_moment(os.environ)
    if began is not None:
        terminalreporter.section("Clock of this run")
        for name, zone in (("UTC", UTC), ("WIB", WIB), ("WITA", WITA), ("WIT", WIT)):
            first, last = (f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" for at in (began, utc_now()))
            terminalreporter.line(f"{name}: {first} to {last}")
