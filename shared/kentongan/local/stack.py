"""MongoDB and Kafka for one machine, started and stopped together."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

import structlog

from kentongan.local.kafka.jars import KafkaFilesUnavailable
from kentongan.local.kafka.java import JavaNotFound
from kentongan.local.kafka.server import EmbeddedKafka
from kentongan.local.light_broker import LightBroker
from kentongan.local.mongod import EmbeddedMongod
from kentongan.local.processes import ChildProcess
from kentongan.local.stack_folder import StackFolder
from kentongan.settings.machine import LocalSettings

_log = structlog.get_logger(__name__)

BrokerKind = Literal["apache-kafka", "light", "external"]


class NotEmbedded(RuntimeError):
    """A fault was asked of a part that is not ours to stop: its address came from outside."""


class _Broker(Protocol):
    @property
    def bootstrap(self) -> str: ...
    @property
    def process(self) -> ChildProcess: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...


class EmbeddedStack:
    """An async context manager; also `start` and `stop`. Holds nothing bound to an event loop.

    `ephemeral` keeps the data in a temporary folder that is deleted after the stop.
    `kafka_advertised_via` and `allow_light_broker` are described at EmbeddedKafka and LightBroker.
    """

    def __init__(
        self,
        settings: LocalSettings | None = None,
        *,
        ephemeral: bool = False,
        allow_light_broker: bool = True,
        kafka_advertised_via: str | None = None,
    ) -> None:
        self._settings = settings or LocalSettings()
        self._ephemeral = ephemeral
        self._allow_light_broker = allow_light_broker
        self._advertised_via = kafka_advertised_via
        self._folder: StackFolder | None = None
        self._mongod: EmbeddedMongod | None = None
        self._broker: _Broker | None = None
        self._why_light = ""

    @property
    def kafka_bootstrap(self) -> str:
        """The Kafka address for the services."""
        return self._settings.kafka_bootstrap_servers or self.broker.bootstrap

    @property
    def mongo_uri(self) -> str:
        """The MongoDB address for the services."""
        return self._settings.mongo_uri or self.mongod.uri

    @property
    def embeds_mongod(self) -> bool:
        """Whether MongoDB is ours; an address from outside may hold a password."""
        return self._settings.mongo_uri is None

    @property
    def broker_kind(self) -> BrokerKind:
        """What answers at the Kafka address."""
        if self._settings.kafka_bootstrap_servers:
            return "external"
        return "light" if self._why_light else "apache-kafka"

    @property
    def data_folder(self) -> Path:
        """Where data and logs lie."""
        if self._folder is None:
            raise RuntimeError("the stack is not running")
        return self._folder.path

    @property
    def broker(self) -> _Broker:
        """The embedded broker; raises NotEmbedded where there is none."""
        if self._broker is None:
            raise NotEmbedded("Kafka is not embedded here")
        return self._broker

    @property
    def kafka(self) -> EmbeddedKafka:
        """The embedded Apache Kafka; raises NotEmbedded where something else answers."""
        if not isinstance(self._broker, EmbeddedKafka):
            raise NotEmbedded("Apache Kafka is not embedded here")
        return self._broker

    @property
    def mongod(self) -> EmbeddedMongod:
        """The embedded MongoDB; raises NotEmbedded where there is none."""
        if self._mongod is None:
            raise NotEmbedded("MongoDB is not embedded here")
        return self._mongod

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start what is not given by an address; what was started is stopped again on failure."""
        folder = self._new_folder()
        folder.claim()
        self._folder = folder
        try:
            await self._start_in(folder)
        except BaseException:
            await self.stop()
            raise
        _log.info("stack.started", kafka=self.kafka_bootstrap, broker_kind=self.broker_kind)

    async def stop(self) -> None:
        """Stop what this stack started; harmless when nothing runs."""
        parts = [part for part in (self._broker, self._mongod) if part is not None]
        try:
            await asyncio.gather(*(part.stop() for part in parts))
        finally:
            if self._folder is not None:
                self._folder.release()
                self._folder = None

    def describe(self) -> list[str]:
        """What runs, in plain words, for a person to read."""
        kafka, mongo = self.kafka_bootstrap, self.mongo_uri
        lines = {
            "apache-kafka": [f"Apache Kafka runs here, at {kafka}."],
            "external": [f"Kafka at {kafka}, an address given in the environment."],
            "light": [
                f"A lighter broker stands in for Apache Kafka, at {kafka}, because Kafka's files "
                f"could not be had ({self._why_light}).",
                "It keeps everything in memory: after the stop, nothing of this run is left.",
            ],
        }[self.broker_kind]
        if self._settings.mongo_uri:
            lines.append("MongoDB at the address given in the environment.")
        else:
            lines.append(f"MongoDB runs here, at {mongo}.")
        if self._folder is not None:
            kept = "deleted after the stop" if self._folder.temporary else "kept"
            lines.append(f"Data and logs: {self._folder.path} ({kept}).")
        return lines

    async def kill_broker(self) -> None:
        """End the broker as a crash would."""
        await self.broker.process.kill()

    async def stop_broker(self) -> None:
        """End the broker cleanly."""
        await self.broker.stop()

    async def restart_broker(self) -> None:
        """Start the broker again on the same port."""
        await self.broker.start()

    async def kill_mongod(self) -> None:
        """End mongod as a crash would."""
        await self.mongod.process.kill()

    async def stop_mongod(self) -> None:
        """End mongod cleanly."""
        await self.mongod.stop()

    async def restart_mongod(self) -> None:
        """Start mongod again on the same port."""
        await self.mongod.start()

    def pause_broker(self) -> None:
        """Freeze the broker: connections stay, nothing answers."""
        self.broker.process.pause()

    def resume_broker(self) -> None:
        """Let the broker go on."""
        self.broker.process.resume()

    def _new_folder(self) -> StackFolder:
        if self._ephemeral:
            return StackFolder.make_temporary()
        return StackFolder(self._settings.data_folder)

    async def _start_in(self, folder: StackFolder) -> None:
        self._broker = await self._choose_broker(folder)
        # A light broker forgets, so MongoDB has to forget with it: a folder apart, emptied first.
        light = isinstance(self._broker, LightBroker)
        half = folder.fresh("light") if light else folder.half("mongod")
        self._mongod = None
        if not self._settings.mongo_uri:
            self._mongod = EmbeddedMongod(half, log_folder=folder.logs)
        halves = self._halves()
        if not light:
            folder.check_halves(halves)
        parts = [part for part in (self._broker, self._mongod) if part is not None]
        outcomes = await asyncio.gather(*(part.start() for part in parts), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        if not light:
            folder.mark_halves(halves)

    def _halves(self) -> tuple[str, ...]:
        kafka = ("kafka",) if isinstance(self._broker, EmbeddedKafka) else ()
        return (*kafka, "mongod") if self._mongod is not None else kafka

    async def _choose_broker(self, folder: StackFolder) -> _Broker | None:
        self._why_light = ""
        if self._settings.kafka_bootstrap_servers:
            return None
        kafka = EmbeddedKafka(
            folder.half("kafka"), log_folder=folder.logs, advertised_via=self._advertised_via
        )
        try:
            await kafka.prepare()
        except (KafkaFilesUnavailable, JavaNotFound) as error:
            if not self._allow_light_broker:
                raise
            self._why_light = str(error)
            _log.warning("stack.light_broker_stands_in", reason=str(error))
            return LightBroker(log_folder=folder.logs)
        return kafka
