"""Reactions: level-triggered steps that a changed read model wakes.

Never "on event X do Y": a step finds its work by query, so a lost wake-up, a repeated one or a
replayed topic change nothing. One process runs the steps; where another one's consumer changed the
read model, it leaves a wake-up in the database, at which the first looks every two seconds.
"""

import asyncio
from collections.abc import Iterable, Mapping

import structlog
from aiokafka.errors import KafkaError

from kentongan.messaging.leadership import Leadership, process_name
from kentongan.messaging.patience import Patience, nap
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.messaging.subscriptions import Reaction, Subscriptions
from kentongan.observability.tracing.works import Causes, reacting
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageError
from kentongan.storage.lease import Lease
from kentongan.storage.wake_ups import WakeUps

_log = structlog.get_logger(__name__)

EACH_SECONDS = 60.0
LOOK_SECONDS = 2.0
"""For the lead; where this process leads, for wake-ups of others."""
COALESCE_SECONDS = 0.05
"""A batch wakes once, and a burst of batches few times."""


class Reactions:
    """Runs the steps of one service on one of its processes; none while a read model is built."""

    def __init__(
        self,
        *,
        subscriptions: Subscriptions,
        database: Database,
        each_seconds: float = EACH_SECONDS,
    ) -> None:
        self._reactions = subscriptions.reactions
        self._built = Built(bind(subscriptions, database), database)
        self._leadership = Leadership(Lease(database, "reactions", process_name()), "reactions")
        self._wake_ups = WakeUps(database)
        self._each_seconds = each_seconds
        self._woken = {reaction.name: asyncio.Event() for reaction in self._reactions}
        self._causes = {reaction.name: Causes() for reaction in self._reactions}
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self, read_models: Iterable[str]) -> None:
        """These read models have changed."""
        changed = set(read_models)
        for reaction in self._reactions:
            if changed.intersection(reaction.woken_by):
                self._woken[reaction.name].set()
                self._causes[reaction.name].note()

    async def start(self) -> None:
        """Begin in the background: every step once, then when woken and once a minute."""
        self._tasks = [
            asyncio.create_task(self._run(reaction), name=f"reaction-{reaction.name}")
            for reaction in self._reactions
        ]
        if self._reactions:
            self._tasks.append(asyncio.create_task(self._listen(), name="reactions-wake-ups"))

    async def stop(self) -> None:
        """End the steps where they are; they are safe to repeat."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._leadership.resign()

    async def _run(self, reaction: Reaction) -> None:
        patience = Patience(0.5, 30.0)
        woken = self._woken[reaction.name]
        while True:
            try:
                if not await self._leadership.lead():
                    await self._tell_the_leader(reaction)
                    await asyncio.sleep(LOOK_SECONDS)
                    continue
                if not await self._built.all():
                    await asyncio.sleep(LOOK_SECONDS)
                    continue
                woken.clear()
                with reacting(reaction.name, self._causes[reaction.name].take()):
                    issued = await reaction.step()
                if issued:
                    _log.info("reaction.acted", reaction=reaction.name, commands=issued)
                patience.succeeded()
                await nap(woken, self._each_seconds)
                await asyncio.sleep(COALESCE_SECONDS)
            except (StorageError, KafkaError, OSError) as error:
                _log.warning("reaction.waits", reaction=reaction.name, error=repr(error))
                await asyncio.sleep(patience.failed())
            except Exception:  # noqa: BLE001  # a defect in one step must not end it for good
                _log.exception("reaction.failed", reaction=reaction.name)
                await asyncio.sleep(patience.failed())

    async def _listen(self) -> None:
        """Wake what other processes have left wake-ups for: one look for all reactions."""
        seen: Mapping[str, int] = {}
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._leadership.leads:
                continue
            try:
                found = await self._wake_ups.all_times()
            except StorageError:
                # The steps say that it is away.
                continue
            for name, woken in self._woken.items():
                if found.get(name, 0) != seen.get(name, 0):
                    woken.set()
            seen = found

    async def _tell_the_leader(self, reaction: Reaction) -> None:
        woken = self._woken[reaction.name]
        if not woken.is_set():
            return
        woken.clear()
        try:
            await self._wake_ups.leave(reaction.name)
        except StorageError:
            woken.set()
            raise
