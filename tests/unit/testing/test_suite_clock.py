"""The suite's clock: a moment is asked for, and refused by name where it can't be given."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kentongan.testing.suite_clock import (
    CLOCK,
    SINCE,
    ClockNotToBeSet,
    clock_differs,
    find_library,
    moved_environment,
)

NOW = datetime(2026, 11, 27, 21, 40, tzinfo=UTC)
LIBRARY = "/usr/lib/somewhere/libfaketimeMT.so.1"
PRINTING = """
from kentongan.domain.clock import utc_now

def test_what_time_it_is():
    print(f"it is {utc_now():%Y-%m-%dT%H:%M} here")
"""


def moved(**environment: str) -> dict[str, str] | None:
    return moved_environment(environment, NOW, 100.0, LIBRARY)


@pytest.mark.parametrize(
    ("asked", "offset"),
    [
        ("2026-11-28T00:00:00Z", "+8400"),
        ("2026-11-28T00:00:00+09:00", "-24000"),
        ("2026-11-27T21:40:00Z", "+0"),
    ],
)
def test_all_processes_of_a_run_are_shifted_alike(asked: str, offset: str) -> None:
    environment = moved(**{CLOCK: asked, "HOME": "/home/kim"})
    assert environment is not None
    assert environment["FAKETIME"] == offset
    assert environment["LD_PRELOAD"] == LIBRARY
    assert environment["HOME"] == "/home/kim"
    assert environment["FAKETIME_DONT_FAKE_MONOTONIC"] == "1"
    assert moved(**environment) is None, "who runs under it already starts no other run"


def test_without_a_setting_the_clock_is_the_machines() -> None:
    assert moved() is None
    assert moved(**{CLOCK: ""}) is None


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({CLOCK: "midnight"}, "KENTONGAN_TEST_CLOCK=midnight"),
        ({CLOCK: "2026-12-31T17:00:00"}, "offset"),
        ({CLOCK: "2026-02-29T17:00:00Z"}, "2026-02-29"),
        ({CLOCK: "2026-12-31T17:00:00Z", "KENTONGAN_TEST_KAFKA": "k:9092"}, "_KAFKA"),
        ({CLOCK: "2026-12-31T17:00:00Z", "KENTONGAN_TEST_MONGO": "mongodb://m"}, "_MONGO"),
        ({CLOCK: "2026-12-31T17:00:00Z", "KENTONGAN_TEST_STACK": "containers"}, "_STACK"),
    ],
)
def test_a_clock_that_cant_be_had_is_refused_by_name(
    environment: dict[str, str], named: str
) -> None:
    with pytest.raises(ClockNotToBeSet, match=named):
        moved(**environment)


def test_a_machine_without_the_library_says_what_is_missing() -> None:
    with pytest.raises(ClockNotToBeSet, match="apt-get install libfaketime"):
        moved_environment({CLOCK: "2026-12-31T17:00:00Z"}, NOW, 100.0, None)


def test_a_clock_that_was_not_moved_is_noticed() -> None:
    under = {CLOCK: "2026-12-31T17:00:00Z", SINCE: "100.0"}
    shown = datetime(2026, 12, 31, 17, 0, 30, tzinfo=UTC)
    assert not clock_differs(under, shown, 130.0)
    assert clock_differs(under, shown + timedelta(minutes=1), 130.0)
    assert clock_differs(under, NOW, 130.0)
    assert not clock_differs({}, NOW, 130.0)


def run_at(clock: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A run of one test that prints the time, in a process of its own."""
    (folder / "test_printing.py").write_text(PRINTING)
    # A run that is moved itself starts this one from the machine's own clock.
    ours = ("KENTONGAN_TEST_", "FAKETIME", "LD_PRELOAD")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [sys.executable, "-m", "pytest", "-q", "-s", f"--rootdir={folder}", str(folder)]
    return subprocess.run(
        [*command, "-p", "kentongan.testing.suite_clock", "-p", "no:cacheprovider"],
        cwd=folder,
        env={**environment, CLOCK: clock, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_has_the_clock_asked_for_and_says_so(tmp_path: Path) -> None:
    if find_library() is None:
        pytest.skip("libfaketime is not installed")
    ended = run_at("2027-12-31T16:59:30Z", tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "it is 2027-12-31T16:59 here" in ended.stdout or "T17:00 here" in ended.stdout
    assert "UTC: 2027-12-31 16:59:30 to 2027-12-31" in ended.stdout


def test_a_run_with_a_wrong_clock_ends_before_any_test(tmp_path: Path) -> None:
    ended = run_at("31/12/2026", tmp_path)
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"{CLOCK}=31/12/2026" in ended.stdout + ended.stderr
