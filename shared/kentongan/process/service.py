"""What a service declares about itself; its `app.py` is the only place that fills this in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import Any, Protocol

from fastapi import APIRouter

from kentongan.domain.clock import utc_now
from kentongan.http import ProblemTable
from kentongan.messaging.republishing import Retelling
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.settings import ServiceSettings
from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Client, Database
from kentongan.storage.facts import FactStore

ENTRY_POINTS = "kentongan.services"


class UnknownService(LookupError):
    """No installed distribution offers a service of this name."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What the kit hands to a service: connections and a clock. Nothing is built at import time."""

    settings: Any
    """An instance of the service's own settings class."""
    client: Client
    database: Database
    clock: Callable[[], datetime] = utc_now
    """Production's clock; a test passes its own."""


class Worker(Protocol):
    """A role of one service alone, such as broadcast's courier: work that goes on by itself."""

    async def start(self) -> None:
        """Begin in the background; storage is in order."""

    async def stop(self) -> None:
        """End where it is; whoever comes next goes on from there."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """A wired service: what the roles need to run it."""

    routers: Sequence[APIRouter]
    stores: Sequence[AggregateStore[Any]]
    subscriptions: Subscriptions
    problems: ProblemTable
    facts: Sequence[FactStore] = ()
    retellings: Sequence[Retelling[Any]] = ()
    """How `kentongan republish` makes the events of a lost topic anew; each topic has one."""
    workers: Mapping[str, Worker] = field(default_factory=dict)
    """By the name of the role, beside `api`, `consumer` and `relay`."""


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """A service: its name (also its consumer group and database), its settings, its composition."""

    name: str
    title: str
    description: str
    settings: type[ServiceSettings]
    assemble: Callable[[Resources], Assembly]
    roles: tuple[str, ...] = field(default=("api", "consumer", "relay"))


def service_names() -> tuple[str, ...]:
    """The names of all installed services, in alphabetical order."""
    return tuple(sorted(point.name for point in entry_points(group=ENTRY_POINTS) if _there(point)))


def find_service(name: str) -> ServiceDefinition:
    """The definition of an installed service. Raises UnknownService."""
    for point in entry_points(group=ENTRY_POINTS, name=name):
        if _there(point):
            definition: ServiceDefinition = point.load()
            return definition
    raise UnknownService(name)


def _there(point: EntryPoint) -> bool:
    """Whether the package of the entry point is there: an image holds that of one service."""
    package, _, _ = point.module.rpartition(".")
    try:
        return find_spec(package or point.module) is not None
    except ModuleNotFoundError:
        return False
