"""The stack's data folder: one stack at a time, and two halves that belong together."""

import fcntl
import os
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import IO

from kentongan.local.failures import CannotRunHere

_ID_FILE = "stack-id"
_LOCK_FILE = "lock"
_TEMPORARY_PREFIX = "kentongan-stack-"
HALVES = ("kafka", "mongod")


class StackFolderInUse(CannotRunHere):
    """Another process runs a stack on this data folder."""


class StackHalvesDiffer(CannotRunHere):
    """Kafka's and MongoDB's data under one folder do not belong to the same stack."""

    def __init__(self, folder: Path, halves: list[str]) -> None:
        names = " and ".join(halves)
        super().__init__(
            f"{folder}: the data of {names} were deleted, or come from another stack. Topics and "
            f"databases only make sense together: put {names} back from the same copy, or delete "
            f"the whole folder to begin anew."
        )
        self.halves = halves


class StackFolder:
    """A data folder held by this process from `claim` to `release`.

    All parts carry one stack id, written after the first start in which everything came up: a
    part without it was deleted, replaced, or never in use.
    """

    def __init__(self, path: Path, *, temporary: bool = False) -> None:
        self.path = path.absolute()
        self.temporary = temporary
        self._lock: IO[str] | None = None

    @classmethod
    def make_temporary(cls) -> "StackFolder":
        """A folder that is deleted at release; also sweeps those of runs that were killed."""
        parent = Path(tempfile.gettempdir())
        for folder in parent.glob(f"{_TEMPORARY_PREFIX}*"):
            _delete_if_abandoned(folder)
        return cls(Path(tempfile.mkdtemp(prefix=_TEMPORARY_PREFIX)), temporary=True)

    @property
    def logs(self) -> Path:
        """Where the stack's programs write their logs."""
        return self.path / "logs"

    def half(self, name: str) -> Path:
        """The folder of one half's data."""
        return self.path / name

    def fresh(self, name: str) -> Path:
        """A folder for data that no later start may see, emptied now."""
        shutil.rmtree(self.path / name, ignore_errors=True)
        return self.path / name

    def claim(self) -> None:
        """Hold the folder; raises StackFolderInUse. The hold ends with this process at latest."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = (self.path / _LOCK_FILE).open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            lock.close()
            raise StackFolderInUse(
                f"{self.path} is in use by another stack (process {owner}): stop that one, or "
                f"name another folder in KENTONGAN_DATA_FOLDER"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._lock = lock

    def release(self) -> None:
        """Let go of the folder, and delete it if it is temporary."""
        if self.temporary:
            shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def check_halves(self, embedded: tuple[str, ...] = HALVES) -> None:
        """Raise StackHalvesDiffer where an embedded half is not of this stack.

        What a first start left behind without ever coming up is cleared away.
        """
        root = _read_id(self.path)
        ids = {name: _read_id(self.half(name)) for name in HALVES}
        known = root or next(filter(None, ids.values()), None)
        untouched = not any(ids.values()) and not any(self.half(name).exists() for name in HALVES)
        if known is None or untouched:
            for name in HALVES:
                shutil.rmtree(self.half(name), ignore_errors=True)
            (self.path / _ID_FILE).unlink(missing_ok=True)
            return
        strangers = [name for name in embedded if ids[name] != known]
        if strangers:
            raise StackHalvesDiffer(self.path, strangers)

    def mark_halves(self, embedded: tuple[str, ...] = HALVES) -> None:
        """Write the stack id everywhere; called when everything came up, and safe to repeat."""
        stack_id = _read_id(self.path) or _read_any_id(self) or str(uuid.uuid4())
        for folder in (*map(self.half, embedded), self.path):
            if _read_id(folder) is None:
                (folder / _ID_FILE).write_text(f"{stack_id}\n")


def _read_any_id(folder: StackFolder) -> str | None:
    return next(filter(None, (_read_id(folder.half(name)) for name in HALVES)), None)


def _read_id(folder: Path) -> str | None:
    try:
        return (folder / _ID_FILE).read_text().strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def _delete_if_abandoned(folder: Path) -> None:
    lock_file = folder / _LOCK_FILE
    try:
        # A folder just made may not be claimed yet.
        if _file_time(folder.parent) - folder.stat().st_mtime < 60:
            return
        with lock_file.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return


def _file_time(folder: Path) -> float:
    """Now, as the file system dates its files: a process's own clock may tell another time."""
    with tempfile.TemporaryFile(dir=folder) as made:
        return os.fstat(made.fileno()).st_mtime
