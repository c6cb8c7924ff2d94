"""What a test may do to a Kafka and a MongoDB of its own, whatever they run in."""

from typing import Protocol


class RunningServer(Protocol):
    """A server's process, embedded or a container's first."""

    @property
    def pid(self) -> int:
        """Of the latest start: another one after a kill and a restart."""

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""


class Part(Protocol):
    """One of the two servers."""

    @property
    def process(self) -> RunningServer:
        """The process of the latest start."""


class BreakableStack(Protocol):
    """Kafka and MongoDB of a test run or of one module of tests."""

    @property
    def kafka_bootstrap(self) -> str:
        """The Kafka address for the services."""

    @property
    def mongo_uri(self) -> str:
        """The MongoDB address for the services."""

    @property
    def broker(self) -> Part:
        """Kafka, where it isn't given by an address."""

    @property
    def mongod(self) -> Part:
        """MongoDB, where it isn't given by an address."""

    def describe(self) -> list[str]:
        """What runs, in plain words."""

    async def start(self) -> None:
        """Start what is not given by an address, and wait until it serves."""

    async def stop(self) -> None:
        """Stop what this stack started, and delete its data."""

    async def kill_broker(self) -> None:
        """End the broker as a crash would."""

    async def stop_broker(self) -> None:
        """End the broker cleanly."""

    async def restart_broker(self) -> None:
        """Start the broker again on the same port."""

    async def kill_mongod(self) -> None:
        """End mongod as a crash would."""

    async def stop_mongod(self) -> None:
        """End mongod cleanly."""

    async def restart_mongod(self) -> None:
        """Start mongod again on the same port."""

    def pause_broker(self) -> None:
        """Freeze the broker: connections stay, nothing answers."""

    def resume_broker(self) -> None:
        """Let the broker go on."""
