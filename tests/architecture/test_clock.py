"""One place reads the machine's clock, one says which day a moment is, and days are tried.

Ruff forbids the clock itself everywhere else (TID251); this holds that nobody is excepted.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kentongan.process.service import service_names

ROOT = Path(__file__).parents[2]
CLOCK = "shared/kentongan/domain/clock.py"
ALONE = "deploy/compose/jobs/certificates.py"
"""Runs in a container without the kit, and asks for no day."""
CALENDAR = ROOT / "shared/kentongan/domain/calendar.py"
FOLDERS = ("shared", "services", "tests", "demo", "deploy", "requirements")
READINGS = (
    "from datetime import datetime\nat = datetime.now()\n",
    "import datetime as d\nat = d.datetime.now(d.UTC)\n",
    "from datetime import datetime\nclocks = [datetime.now]\n",
    "from datetime import datetime\nat = datetime.utcnow()\n",
    "from datetime import date\nday = date.today()\n",
    "import datetime\nday = datetime.date.today\n",
    "import time\nat = time.time()\n",
    "from time import time as now\nat = now()\n",
    "import time\nat = time.localtime()\n",
)
"""Ways to ask the machine what time it is."""
DAYS = ("tests/unit", *(f"tests/integration/{each}" for each in service_names()))
"""Where tests with a clock of their own, or none, stand; others run whole processes."""
ASKED = {"day_in", "zone_of", "moment_of", "midnight", "set_hour", "today", "past_everywhere"}
"""Who calls one of these in a test, speaks of a day."""


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file, ast.parse(file.read_text())


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if name is not None:
                yield name, node


def linted(text: str, name: str) -> str:
    """What ruff says about a file of this name and content."""
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--output-format=concise",
            "--stdin-filename",
            name,
            "-",
        ],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout


@pytest.mark.parametrize("text", READINGS)
def test_reading_the_machines_clock_is_refused(text: str) -> None:
    for folder in ("services/registry/domain", "shared/kentongan/storage", "tests/integration"):
        assert "TID251" in linted(text, f"{folder}/somewhere.py"), folder
    assert "TID251" not in linted(text, CLOCK)


def test_nobody_is_excepted_from_it() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    excepted = {
        pattern
        for pattern, rules in lint["per-file-ignores"].items()
        if any("TID251".startswith(rule) for rule in rules)
    }
    assert excepted == {CLOCK, ALONE}
    assert not any("TID251".startswith(rule) for rule in lint["ignore"])
    silencing = re.compile(r"#\s*(ruff:\s*)?noqa(?!:)|#\s*(ruff:\s*)?noqa:.*\bTID")
    for file, _ in sources(*FOLDERS):
        if file != Path(__file__):
            assert not silencing.search(file.read_text()), file


def test_a_day_is_cut_out_of_a_moment_by_the_calendar_alone() -> None:
    """`moment.date()` is UTC's day, or the machine's: from 17:00 UTC on not Tangerang's."""
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file, tree in sources(*FOLDERS)
        if file != CALENDAR
        for name, call in calls(tree)
        if name == "date" and isinstance(call.func, ast.Attribute) and not call.args
    ]
    assert found == []


def test_no_test_turns_the_hour_of_a_moment_that_goes_on() -> None:
    """At another hour it is another day there; and not every year has a 29 February."""
    turned = {"hour", "day", "month", "year"}
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file, tree in sources("shared", "services", "tests/integration", "tests/e2e")
        for name, call in calls(tree)
        if name == "replace" and turned & {each.arg for each in call.keywords}
    ]
    assert found == []


def test_who_speaks_of_a_day_is_tried_at_midnights() -> None:
    """The mark `days`: `make test-clocks` runs it where the day changes."""
    unmarked = [
        str(file.relative_to(ROOT))
        for file, tree in sources(*DAYS)
        if file.name.startswith("test_")
        and any(name in ASKED or name == "Calendar" for name, _ in calls(tree))
        and "pytest.mark.days" not in file.read_text()
    ]
    assert unmarked == []
