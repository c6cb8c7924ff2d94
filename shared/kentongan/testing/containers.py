"""Kafka and MongoDB in containers, by testcontainers: any images that behave as the official ones.

Each server listens on the same number inside and outside, on loopback alone, so that the address
that it advertises is the one by which it reaches itself, and holds after a kill and a restart.
"""

import asyncio
import base64
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kentongan.local.failures import CannotRunHere
from kentongan.local.kafka.properties import single_node
from kentongan.local.kafka.readiness import group_coordinator_ready
from kentongan.local.polling import wait_until
from kentongan.local.ports import LOOPBACK, free_port
from kentongan.local.replica_set import REPLICA_SET, initiate_replica_set
from kentongan.local.stack import NotEmbedded

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

_READY_SECONDS = 90.0
_CONTROLLER = f"{LOOPBACK}:9093"
_ENVIRONMENT = {
    # Who removes containers after a crash of the run comes from an image registry.
    "TESTCONTAINERS_RYUK_DISABLED": "true",
    # Ports are published on loopback, also where the run believes to be in a container itself.
    "TESTCONTAINERS_HOST_OVERRIDE": LOOPBACK,
    "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
}


class ContainerServer:
    """One server in a container of this image; its data go with the container.

    `setting` names the variable that says which image, for whoever has to be told.
    """

    def __init__(
        self,
        image: str,
        setting: str,
        *,
        port: int,
        command: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.image = image
        self.port = port
        self._setting = setting
        self._command = list(command) if command else None
        self._variables = dict(environment or {})
        self._container: DockerContainer | None = None

    @property
    def process(self) -> "ContainerServer":
        """Itself: `pid` and `running` are those of the container's first process."""
        return self

    @property
    def pid(self) -> int:
        """The process id of the latest start, as the engine's machine has it."""
        return int(self._state()["Pid"])

    @property
    def running(self) -> bool:
        """Whether the container was started and has not ended."""
        return self._container is not None and bool(self._state()["Running"])

    def create(self) -> None:
        """Start a new container. Raises CannotRunHere, naming image and setting."""
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        # Only now: testcontainers reads its environment when it is imported.
        from docker.errors import DockerException  # noqa: PLC0415
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        try:
            container = DockerContainer(self.image, env=self._variables)
            if self._command is not None:
                container.with_command(self._command)
            container.ports[f"{self.port}/tcp"] = (LOOPBACK, self.port)  # type: ignore[assignment]
            self._container = container
            container.start()
        except DockerException as error:
            raise CannotRunHere(f"{self._setting}={self.image}: {error}") from error

    def again(self) -> None:
        """Start the ended container again."""
        self._engines().start()

    def end(self, *, at_once: bool) -> None:
        """End the server, cleanly or as a crash would, and wait until it is gone."""
        if at_once:
            self._engines().kill()
        else:
            self._engines().stop(timeout=15)
        self._engines().wait(timeout=30)

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self._engines().pause()

    def resume(self) -> None:
        """Let it go on."""
        self._engines().unpause()

    def remove(self) -> None:
        """Delete the container with its data; harmless where there is none."""
        container, self._container = self._container, None
        if container is not None:
            container.stop()

    def log_tail(self) -> str:
        """The last lines that the server wrote."""
        return str(self._engines().logs(tail=20).decode(errors="replace"))

    async def wait_ready(self, ready: Callable[[], Any]) -> None:
        """Wait for `ready`; says what the server wrote where it ends or is late."""
        waiting = asyncio.ensure_future(ready())
        try:
            await wait_until(lambda: waiting.done() or not self.running, seconds=_READY_SECONDS)
            if not waiting.done():
                raise CannotRunHere(f"{self._setting}={self.image}: not ready\n{self.log_tail()}")
            await waiting
        finally:
            waiting.cancel()

    def _state(self) -> dict[str, Any]:
        engines = self._engines()
        engines.reload()
        state: dict[str, Any] = engines.attrs["State"]
        return state

    def _engines(self) -> Any:
        """The container as the engine's client has it."""
        if self._container is None:
            raise RuntimeError(f"{self.image} was never started")
        return self._container.get_wrapped_container()


class ContainerStack:
    """Kafka and MongoDB in a container each, but for what is given by an address."""

    def __init__(
        self,
        *,
        kafka_image: str,
        mongo_image: str,
        kafka: str | None = None,
        mongo: str | None = None,
    ) -> None:
        self._broker = None if kafka else _kafka(kafka_image)
        self._mongod = None if mongo else _mongo(mongo_image)
        self._kafka_address = kafka
        self._mongo_address = mongo

    @property
    def kafka_bootstrap(self) -> str:
        """The Kafka address for the services."""
        return self._kafka_address or f"{LOOPBACK}:{self.broker.port}"

    @property
    def mongo_uri(self) -> str:
        """The MongoDB address for the services."""
        return self._mongo_address or f"{_mongo_uri(self.mongod)}replicaSet={REPLICA_SET}"

    @property
    def broker(self) -> ContainerServer:
        """Kafka's container; raises NotEmbedded where an address is given."""
        if self._broker is None:
            raise NotEmbedded("Kafka is not ours here")
        return self._broker

    @property
    def mongod(self) -> ContainerServer:
        """MongoDB's container; raises NotEmbedded where an address is given."""
        if self._mongod is None:
            raise NotEmbedded("MongoDB is not ours here")
        return self._mongod

    def describe(self) -> list[str]:
        """What runs, in plain words."""
        kafka = f"in a container of {self._broker.image}" if self._broker else "given by address"
        mongo = f"in a container of {self._mongod.image}" if self._mongod else "given by address"
        return [
            f"Kafka {kafka}, at {self.kafka_bootstrap}.",
            f"MongoDB {mongo}, at {self.mongo_uri if self._mongod else 'its address'}.",
        ]

    async def start(self) -> None:
        """Create the containers and wait until they serve; none is left behind on failure."""
        try:
            # One after the other: the first import of testcontainers is not for two threads.
            for part in (self._broker, self._mongod):
                if part is not None:
                    await asyncio.to_thread(part.create)
            await asyncio.gather(self._broker_ready(), self._mongod_ready())
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Delete the containers; harmless where there are none."""
        for part in (self._broker, self._mongod):
            if part is not None:
                await asyncio.to_thread(part.remove)

    async def kill_broker(self) -> None:
        """End the broker as a crash would."""
        await asyncio.to_thread(self.broker.end, at_once=True)

    async def stop_broker(self) -> None:
        """End the broker cleanly."""
        await asyncio.to_thread(self.broker.end, at_once=False)

    async def restart_broker(self) -> None:
        """Start the broker again on the same port."""
        await asyncio.to_thread(self.broker.again)
        await self._broker_ready()

    async def kill_mongod(self) -> None:
        """End mongod as a crash would."""
        await asyncio.to_thread(self.mongod.end, at_once=True)

    async def stop_mongod(self) -> None:
        """End mongod cleanly."""
        await asyncio.to_thread(self.mongod.end, at_once=False)

    async def restart_mongod(self) -> None:
        """Start mongod again on the same port."""
        await asyncio.to_thread(self.mongod.again)
        await self._mongod_ready()

    def pause_broker(self) -> None:
        """Freeze the broker: connections stay, nothing answers."""
        self.broker.pause()

    def resume_broker(self) -> None:
        """Let the broker go on."""
        self.broker.resume()

    async def _broker_ready(self) -> None:
        if (broker := self._broker) is not None:
            await broker.wait_ready(
                lambda: group_coordinator_ready(self.kafka_bootstrap, broker.port)
            )

    async def _mongod_ready(self) -> None:
        if (mongod := self._mongod) is not None:
            direct, member = (
                f"{_mongo_uri(mongod)}directConnection=true",
                f"{LOOPBACK}:{mongod.port}",
            )
            await mongod.wait_ready(lambda: initiate_replica_set(direct, member))


def _kafka(image: str) -> ContainerServer:
    port = free_port()
    listeners = {"PLAINTEXT": f"0.0.0.0:{port}", "CONTROLLER": _CONTROLLER}
    advertised = {"PLAINTEXT": f"{LOOPBACK}:{port}", "CONTROLLER": _CONTROLLER}
    properties = {
        **single_node(listeners, advertised),
        "controller.quorum.voters": f"1@{_CONTROLLER}",
    }
    environment = {_variable(name): str(value) for name, value in properties.items()}
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
    environment |= {"CLUSTER_ID": cluster, "KAFKA_HEAP_OPTS": "-Xmx512m"}
    return ContainerServer(image, "KENTONGAN_TEST_KAFKA_IMAGE", port=port, environment=environment)


def _variable(name: str) -> str:
    """A property of Kafka as the image's environment has it."""
    return f"KAFKA_{name.upper().replace('.', '_')}"


def _mongo(image: str) -> ContainerServer:
    port = free_port()
    command = [
        *("mongod", "--replSet", REPLICA_SET, "--bind_ip_all", "--port", str(port)),
        *("--wiredTigerCacheSizeGB", "1", "--oplogSize", "256", "--quiet"),
    ]
    return ContainerServer(image, "KENTONGAN_TEST_MONGO_IMAGE", port=port, command=command)


def _mongo_uri(server: ContainerServer) -> str:
    return f"mongodb://{LOOPBACK}:{server.port}/?"
