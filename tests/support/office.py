"""The city's office at work: registers and changes groups over HTTP, and keeps a journal."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from kentongan.demo.city.groups import POTENTIALS, Dossier, draw_dossier
from kentongan.demo.city.places import Village, load_city
from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.clients.tokens import Tokens
from kentongan.demo.consistency.journal import Journal
from tests.support.clock import today

CITY = "36.71"
NEWCOMER_SECONDS = 0.2
CHANGE_SECONDS = 0.05
REASON = {"reason": "Uji gangguan."}


@dataclass(slots=True)
class Group:
    """A registered group as the office last heard of it."""

    id: str
    version: int
    dossier: Dossier
    suspended: bool = False


class Office:
    """Diskominfo's clerks. What they ask and are told is in `journal`; the seed draws the rest."""

    def __init__(self, http: httpx.AsyncClient, seed: int) -> None:
        self.journal = Journal()
        self.seed = seed
        self.groups: list[Group] = []
        self.gave_up = 0
        self._registry = ServiceClient(http, self.journal, bearer=Tokens(CITY).diskominfo())
        self._villages: list[Village] = list(load_city(CITY).villages)
        self.random = Random(seed)

    async def register(self, number: int = 1) -> list[Group]:
        """Register so many groups, each in a village of its own, at once."""
        async with asyncio.TaskGroup() as clerks:
            tasks = [clerks.create_task(self.register_one()) for _ in range(number)]
        return [task.result() for task in tasks]

    async def register_one(self) -> Group:
        """From the proposal to the number."""
        village = self._villages.pop(0)
        dossier = draw_dossier(village, seed=self.seed, today=today(CITY))
        proposed = await self._registry.command(
            "kim.propose", "POST", "/v1/kims", dossier.proposal()
        )
        group = Group(proposed.id, proposed.version, dossier)
        await self._put(group, "members", dossier.members())
        await self._put(group, "decree", dossier.decree())
        await self._post(group, "submission")
        await self._post(group, "registration", publishes="KimRegistered")
        self.groups.append(group)
        return group

    async def rename(self, group: Group, name: str) -> None:
        """Change the public profile: KimUpdated."""
        profile = {**group.dossier.profile(self._potentials()), "name": name}
        await self._put(group, "profile", profile, publishes="KimUpdated")

    async def suspend(self, group: Group) -> None:
        """KimSuspended."""
        await self._post(group, "suspension", REASON, publishes="KimSuspended")
        group.suspended = True

    async def reinstate(self, group: Group) -> None:
        """KimReinstated."""
        await self._post(group, "reinstatement", publishes="KimReinstated")
        group.suspended = False

    async def change(self, group: Group) -> None:
        """One change, drawn."""
        if self.random.random() < 0.5:
            await self.rename(group, f"{group.dossier.name} {group.version}")
        elif group.suspended:
            await self.reinstate(group)
        else:
            await self.suspend(group)

    @asynccontextmanager
    async def working(
        self, groups: Sequence[Group], *, newcomers: int = 0
    ) -> AsyncIterator["Office"]:
        """While the block runs, change groups without end, each by a clerk of its own.

        Newcomers (so many at most) are registered meanwhile and then left alone: a lost event of
        theirs is not made good by a later one.
        """
        closing = asyncio.Event()
        clerks = [asyncio.create_task(self._keep_changing(group, closing)) for group in groups]
        clerks += [asyncio.create_task(self._register_more(newcomers, closing))]
        try:
            yield self
        finally:
            closing.set()
            await asyncio.gather(*clerks)

    @property
    def answered(self) -> int:
        """How many commands were acknowledged so far."""
        return sum(1 for entry in self.journal.entries.values() if entry.answer)

    @property
    def under_way(self) -> int:
        """How many commands wait for their answer."""
        return len(self.journal.entries) - self.answered

    @property
    def repeated(self) -> int:
        """How many acknowledged commands had to be sent more than once."""
        answers = [entry.answer for entry in self.journal.entries.values()]
        return sum(1 for answer in answers if answer and answer.accepted and answer.attempts > 1)

    async def _keep_changing(self, group: Group, closing: asyncio.Event) -> None:
        while not closing.is_set():
            try:
                await self.change(group)
            except httpx.TransportError:
                # Nobody knows what became of it: the journal says so, and this group rests.
                self.gave_up += 1
                return
            await _nap(closing, CHANGE_SECONDS)

    async def _register_more(self, number: int, closing: asyncio.Event) -> None:
        for _ in range(number):
            if closing.is_set():
                return
            try:
                await self.register_one()
            except httpx.TransportError:
                self.gave_up += 1
            await _nap(closing, NEWCOMER_SECONDS)

    async def _put(
        self, group: Group, part: str, payload: dict[str, Any], *, publishes: str | None = None
    ) -> None:
        accepted = await self._registry.command(
            f"kim.set-{part}",
            "PUT",
            f"/v1/kims/{group.id}/{part}",
            payload,
            if_match=group.version,
            aggregate=group.id,
            publishes=publishes,
        )
        group.version = accepted.version

    async def _post(
        self,
        group: Group,
        step: str,
        payload: dict[str, Any] | None = None,
        *,
        publishes: str | None = None,
    ) -> None:
        accepted = await self._registry.command(
            f"kim.{step}",
            "POST",
            f"/v1/kims/{group.id}/{step}",
            payload,
            aggregate=group.id,
            publishes=publishes,
        )
        group.version = accepted.version

    def _potentials(self) -> list[str]:
        return sorted(self.random.sample(POTENTIALS, 2))


@asynccontextmanager
async def open_office(base_url: str, seed: int) -> AsyncIterator[Office]:
    """An office that speaks to one process of the registry. The seed is printed."""
    print(f"seed {seed}")
    async with httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False) as http:
        yield Office(http, seed)


async def _nap(closing: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(closing.wait(), seconds)
