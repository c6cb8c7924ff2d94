"""Services that read what is put into their topics by hand, and what they made of it."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from kentongan.contracts.broadcast import ContentPublished
from kentongan.contracts.event import Event
from kentongan.contracts.placement import ActivityVerified, StudentAssigned
from kentongan.contracts.registry import KimRegistered
from kentongan.contracts.scoring import ResultsPublished
from kentongan.local.service_process import ServiceProcess
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.read_models.bound import ReadModel, bind, find
from kentongan.storage.dead_letters import DeadLetter, DeadLetters
from kentongan.storage.driver import Database
from kentongan.testing.assemblies import assemble
from kentongan.testing.environment import Backends
from kentongan.testing.poison_records import RawRecord, put
from kentongan.testing.running_services import RunningServices
from tests.support.town import SETTINGS

READ_MODELS: tuple[tuple[str, str, type[Event]], ...] = (
    ("broadcast", "kims", KimRegistered),
    ("broadcast", "assignments", StudentAssigned),
    ("scoring", "kims", KimRegistered),
    ("scoring", "contents", ContentPublished),
    ("scoring", "activities", ActivityVerified),
    ("registry", "competitions", ResultsPublished),
)
"""Service, read model, and an event that it is made from."""


@dataclass(frozen=True, slots=True)
class Readers:
    """The services of `READ_MODELS`, running on topics that nobody else writes to."""

    services: RunningServices
    processes: dict[str, ServiceProcess]

    async def feed(self, kind: type[Event], records: Sequence[RawRecord]) -> None:
        """Put records into one partition of this event's topic, in this order."""
        kafka = self.services.kafka
        await put(kafka, topic_name(kafka, kind.contract.topic.name), records)

    async def held(self, service: str, name: str) -> dict[str, int]:
        """The sequence at which each event id (of a ledger) or key (of a directory) is held."""
        async with self.services.database(service) as database:
            return await held(database, service, name)

    async def letters(self, service: str) -> list[DeadLetter]:
        """The dead letters that wait at a service."""
        return await letters(self.services, service)

    async def metric(self, service: str, name: str) -> float:
        """The sum of a metric of a service over its labels."""
        return await metric(self.processes[service], name)


@asynccontextmanager
async def open_readers(stack: Backends, folder: Path) -> AsyncIterator[Readers]:
    """All of them, ready; removed at the end."""
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=folder
    )
    services.environment.update(SETTINGS)
    names = sorted({service for service, _, _ in READ_MODELS})
    processes = {name: services.process(name) for name in names}
    await services.prepare()
    try:
        await services.start(*processes.values())
        yield Readers(services, processes)
    finally:
        await services.remove()


def read_model_of(service: str, name: str, database: Database) -> ReadModel:
    """A read model as the service declares it, in this database."""
    return find(bind(assemble(service).assembly.subscriptions, database), name)


async def held(database: Database, service: str, name: str) -> dict[str, int]:
    """What a read model holds: its sequence by id."""
    collection = database[read_model_of(service, name, database).collection]
    return {
        each["_id"]: each["version"] if "version" in each else each["sequence"]
        async for each in collection.find({}, {"version": 1, "sequence": 1})
    }


async def letters(services: RunningServices, service: str) -> list[DeadLetter]:
    """The dead letters that wait at a service, oldest first."""
    async with services.database(service) as database:
        return await DeadLetters(database).list(limit=10_000)


async def metric(process: ServiceProcess, name: str) -> float:
    """The sum of a metric of a process over its labels."""
    text = (await ask(process, "/metrics")).text
    found = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
    return sum(map(float, found))


async def ask(process: ServiceProcess, path: str) -> httpx.Response:
    """A query without a token."""
    async with httpx.AsyncClient(base_url=process.base_url, trust_env=False) as http:
        return await http.get(path)
