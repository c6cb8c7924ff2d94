import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kentongan.local.polling import wait_until
from kentongan.local.processes import ChildProcess, NotReadyInTime, ProcessEndedEarly

_SLEEP = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
_DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(60)",
]
_PARENT = """
import sys, threading, time
from pathlib import Path
from kentongan.local.processes import ChildProcess
child = ChildProcess("child", {command!r}, log_file=Path({log!r}))
starter = threading.Thread(target=child.start)
starter.start(); starter.join()
print("pid", child.pid, flush=True)
time.sleep(60)
"""


def child(command: list[str], folder: Path) -> ChildProcess:
    return ChildProcess("child", command, log_file=folder / "child.log")


async def never() -> None:
    await wait_until(lambda: False, seconds=60)


def state(pid: int) -> str:
    """The kernel's letter for the process: T stopped, Z zombie; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


async def test_stop_ends_a_paused_process_in_order(tmp_path: Path) -> None:
    process = child(_SLEEP, tmp_path)
    process.start()
    assert await wait_until(lambda: "here" in process.log_tail(), seconds=60)
    process.pause()
    assert await wait_until(lambda: state(process.pid) == "T", seconds=60)
    await process.stop(seconds=60)
    assert process.returncode == -signal.SIGTERM


async def test_stop_kills_a_process_that_will_not_end(tmp_path: Path) -> None:
    process = child(_DEAF, tmp_path)
    process.start()
    assert await wait_until(lambda: "deaf" in process.log_tail(), seconds=60)
    await process.stop(seconds=0.2)
    assert process.returncode == -signal.SIGKILL


async def test_a_process_that_ends_early_is_reported_with_its_last_words(tmp_path: Path) -> None:
    process = child([sys.executable, "-c", "raise SystemExit('no such setting')"], tmp_path)
    process.start()
    with pytest.raises(ProcessEndedEarly, match="no such setting") as ended:
        await process.wait_ready(never(), seconds=20)
    assert ended.value.returncode == 1


async def test_a_process_that_is_never_ready_is_reported(tmp_path: Path) -> None:
    process = child(_SLEEP, tmp_path)
    process.start()
    with pytest.raises(NotReadyInTime):
        await process.wait_ready(never(), seconds=0.3)
    await process.kill()


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    """Even where a thread that has ended since was the one to start them."""
    script = _PARENT.format(command=_SLEEP, log=str(tmp_path / "child.log"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        # structlog may write lines of its own first.
        pid = next(int(line.split()[1]) for line in parent.stdout if line.startswith("pid "))
        log = tmp_path / "child.log"
        assert asyncio.run(wait_until(lambda: log.read_text().startswith("here"), seconds=60))
        assert state(pid) in "SR"
        parent.kill()
    assert asyncio.run(wait_until(lambda: state(pid) in ("", "Z"), seconds=60))


async def test_a_stated_setting_replaces_the_file_of_one_that_is_inherited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KENTONGAN_MONGO_URI_FILE", "/run/secrets/mongo")
    monkeypatch.setenv("KENTONGAN_CITY_FILE", "/run/secrets/city")
    log = tmp_path / "names.log"
    says = "import os; print(sorted(name for name in os.environ if name.endswith('_FILE')))"
    child = ChildProcess(
        "names",
        [sys.executable, "-c", says],
        log_file=log,
        environment={"KENTONGAN_MONGO_URI": "mongodb://127.0.0.1/"},
    )
    child.start()
    assert await child.wait_ended(seconds=60) == 0
    assert "KENTONGAN_MONGO_URI_FILE" not in log.read_text()
    assert "KENTONGAN_CITY_FILE" in log.read_text()
