"""What all steps of a season share: the four services, who speaks to them, and what was learnt."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Protocol, TypeVar

from kentongan.demo.city.groups import Dossier
from kentongan.demo.city.places import City, Village
from kentongan.demo.clients.endpoint import AT_ONCE
from kentongan.demo.clients.problem import CommandRefused, Problem
from kentongan.demo.clients.service_client import Accepted, ServiceClient
from kentongan.demo.clients.tokens import Tokens
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.receiver.client import Receiver
from kentongan.demo.summary import Text

Item = TypeVar("Item")
Result = TypeVar("Result")


class SeasonDeviated(Exception):
    """A service behaved otherwise than the programme's rules say; the season can't go on."""


class Progress(Protocol):
    """Where a season says how far it has come."""

    def begin(self, text: Text, total: int) -> None:
        """A step of so many parts begins; the one before has ended."""

    def advance(self) -> None:
        """One part is done."""


@dataclass(slots=True)
class Group:
    """A registered group, as its client remembers it."""

    id: str
    dossier: Dossier
    version: int
    potentials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal that the season provoked, and what came of it."""

    service: str
    problem: Problem
    afterwards: Text


@dataclass(slots=True)
class World:
    """One season on its way."""

    city: City
    villages: tuple[Village, ...]
    """Those that take part: all, or a tenth of them."""
    students: int
    seed: int
    today: date
    registry: ServiceClient
    placement: ServiceClient
    broadcast: ServiceClient
    scoring: ServiceClient
    receiver: Receiver
    journal: Journal
    tokens: Tokens
    progress: Progress
    groups: dict[str, Group] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def random(self, purpose: str) -> Random:
        """A source of chance for one purpose, the same for the same seed."""
        return Random(f"{self.seed}:{purpose}")

    async def each(
        self,
        text: Text,
        items: Iterable[Item],
        act: Callable[[Item], Awaitable[Result]],
    ) -> list[Result]:
        """A step of the season: act on all items, some at once; the first failure ends it."""
        waiting = list(items)
        self.progress.begin(text, len(waiting))
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(item: Item) -> Result:
            async with gate:
                result = await act(item)
            self.progress.advance()
            return result

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(item)) for item in waiting]
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [task.result() for task in tasks]

    async def must_refuse(
        self, service: str, rule: str, attempt: Awaitable[Accepted], afterwards: Text
    ) -> None:
        """An attempt that the rules forbid. Raises SeasonDeviated unless this rule refuses it."""
        try:
            await attempt
        except CommandRefused as refusal:
            if refusal.problem.rule != rule:
                raise SeasonDeviated(f"expected {rule}, but {refusal}") from refusal
            self.refused.append(Refused(service, refusal.problem, afterwards))
            return
        raise SeasonDeviated(f"{service} accepted what {rule} forbids")
