"""Services as processes on given backends, with topics and databases that no other test has."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.local.ports import free_port
from kentongan.local.processes import ChildProcess
from kentongan.local.replica_set import drop_databases
from kentongan.local.service_process import ServiceProcess
from kentongan.local.system import service_environment
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.clients import make_admin
from kentongan.process.composition import connected
from kentongan.process.service import find_service, service_names
from kentongan.process.storage_layout import layouts_of
from kentongan.settings import KafkaSettings, MongoSettings
from kentongan.storage import plan
from kentongan.storage.driver import Database, close, connect, open_database

Settings = Mapping[str, str]
"""Settings of a process by their variable's name."""
START_SECONDS = 120.0
COMMAND_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A `kentongan` command that has ended, with all that it wrote."""

    exit_code: int
    output: str


class RunningServices:
    """Starts, kills and pauses processes of services, and looks into what they keep.

    The tests' own looks go straight to the backends; what is to pass a proxy is set per process.
    Bound to no event loop. `log_folder` keeps every process's log.
    """

    def __init__(
        self, *, kafka_bootstrap: str, mongo_uri: str, log_folder: Path, city: str = "36.71"
    ) -> None:
        name = uuid.uuid4().hex[:12]
        self.topic_prefix = f"test-{name}."
        self.database_prefix = f"test_{name}_"
        self.kafka_bootstrap = kafka_bootstrap
        self.mongo_uri = mongo_uri
        self.log_folder = log_folder
        self.environment = service_environment(
            kafka_bootstrap=kafka_bootstrap,
            mongo_uri=mongo_uri,
            city=city,
            extra={
                "KENTONGAN_KAFKA_TOPIC_PREFIX": self.topic_prefix,
                "KENTONGAN_MONGO_DATABASE_PREFIX": self.database_prefix,
            },
        )
        self._processes: list[ServiceProcess] = []

    @property
    def kafka(self) -> KafkaSettings:
        """Kafka as these services see it, without a proxy."""
        return KafkaSettings(bootstrap_servers=self.kafka_bootstrap, topic_prefix=self.topic_prefix)

    async def prepare(self) -> None:
        """Make the topics, and every service's collections and indexes."""
        await topics.apply(self.kafka, CATALOGUE)
        for name in service_names():
            definition = find_service(name)
            settings = definition.settings(
                environment="development",
                kafka=self.kafka,
                mongo=MongoSettings(uri=self.mongo_uri, database_prefix=self.database_prefix),
            )
            async with connected(definition, settings) as (assembly, resources):
                await plan.apply(resources.database, layouts_of(assembly, resources.database))

    async def remove(self) -> None:
        """Stop every process, and drop the topics and databases."""
        await self.stop()
        await drop_databases(self.mongo_uri, prefix=self.database_prefix)
        admin = make_admin(self.kafka)
        await admin.start()
        try:
            mine = [
                name for name in await admin.list_topics() if name.startswith(self.topic_prefix)
            ]
            await admin.delete_topics(mine)
        finally:
            await admin.close()

    def process(
        self,
        service: str,
        *,
        roles: Sequence[str] = (),
        name: str = "",
        settings: Settings | None = None,
    ) -> ServiceProcess:
        """A process of a service, not started; all roles where none is given."""
        port = free_port()
        process = ServiceProcess(
            service,
            base_url=f"http://127.0.0.1:{port}",
            log_file=self.log_folder / f"{name or service}.log",
            arguments=[word for role in roles for word in ("--role", role)],
            environment={
                **self.environment,
                "KENTONGAN_HTTP_PORT": str(port),
                **(settings or {}),
            },
            name=name or service,
        )
        self._processes.append(process)
        return process

    async def start(self, *processes: ServiceProcess) -> None:
        """Start processes, and wait until each is ready."""
        async with asyncio.TaskGroup() as starting:
            for process in processes:
                starting.create_task(process.start_and_wait(seconds=START_SECONDS))

    async def stop(self) -> None:
        """Stop every process that runs, each in order."""
        await asyncio.gather(*(process.stop(seconds=40) for process in self._processes))

    async def command(self, *arguments: str, settings: Settings | None = None) -> Ended:
        """Run `kentongan …` as an operator would."""
        log = self.log_folder / f"{'-'.join(arguments[:2])}-{uuid.uuid4().hex[:6]}.log"
        child = ChildProcess(
            " ".join(arguments),
            [sys.executable, "-m", "kentongan", *arguments],
            log_file=log,
            environment={**self.environment, **(settings or {})},
        )
        child.start()
        code = await child.wait_ended(seconds=COMMAND_SECONDS)
        if code is None:
            await child.kill()
            code = -9
        return Ended(code, log.read_text(errors="replace"))

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[Database]:
        """A service's database, to look into or to harm."""
        client = connect(self.mongo_uri, application="fault-tests")
        try:
            yield open_database(client, f"{self.database_prefix}{service}")
        finally:
            close(client)


def logged(process: ServiceProcess, event: str) -> list[dict[str, Any]]:
    """The log entries of one kind that a process, through all its starts, has written."""
    found = []
    for line in process.log_file.read_text(errors="replace").splitlines():
        if f'"event": "{event}"' in line:
            found.append(_entry(line))
    return [entry for entry in found if entry]


def _entry(line: str) -> dict[str, Any]:
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        # A killed process may leave half a line.
        return {}
    return entry
