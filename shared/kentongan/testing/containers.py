"""Kafka and MongoDB in containers, by testcontainers: any images that behave as the official ones.

Each server listens on the same number inside and outside, on loopback alone, so that the address
that it advertises is the one by which it reaches itself, and holds after a kill and a restart.
"""

import asyncio
import base64
import uuid

from kentongan.local.kafka.properties import single_node
from kentongan.local.kafka.readiness import group_coordinator_ready
from kentongan.local.ports import LOOPBACK, free_port
from kentongan.local.replica_set import REPLICA_SET, initiate_replica_set
from kentongan.local.stack import NotEmbedded
from kentongan.testing.container_reaper import Reaper
from kentongan.testing.container_server import ContainerServer

_CONTROLLER = f"{LOOPBACK}:9093"


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
        self._reaper = Reaper()
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
                    await asyncio.to_thread(part.create, self._reaper.watch)
            await asyncio.gather(self._broker_ready(), self._mongod_ready())
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Delete the containers; harmless where there are none."""
        for part in (self._broker, self._mongod):
            if part is not None:
                await asyncio.to_thread(part.remove)
        await asyncio.to_thread(self._reaper.dismiss)

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
