"""The consumer loop of a service: supervised, so that HTTP is served while Kafka is away."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from kentongan.messaging.consumer.lag import Lag
from kentongan.messaging.consumer.session import ConsumerSession
from kentongan.messaging.consumer.watchdog import Watchdog
from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.kafka.turns import Turns
from kentongan.messaging.patience import Patience, nap
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.poison import FloodGuard, FloodLimits, Poison, dead_letter
from kentongan.messaging.read_models.rebuild import Builds, RebuildRefused
from kentongan.messaging.read_models.set_aside import SetAsideLog
from kentongan.messaging.read_models.visible import Visibility
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageError
from kentongan.storage.projections.build_markers import BuildMarkers
from kentongan.storage.stopped_consumers import StoppedConsumers

_log = structlog.get_logger(__name__)

STORAGE_LOOKS = 3
MISSING_LOOKS = 2
"""At the end of each rebuild the read model counts as missing for a moment."""


@dataclass(frozen=True, slots=True)
class ConsumerLimits:
    """Sizes in records, times in seconds."""

    batch_records: int = 10_000
    drain_seconds: float = 15.0
    """How long a stop waits for the running batch."""
    look_seconds: float = 2.0
    """How often lag and the watchdog are looked at; the stored stop and the build markers, which
    are in the database, at every `STORAGE_LOOKS`th time."""
    watchdog_seconds: float = 60.0
    flood: FloodLimits = field(default_factory=FloodLimits)


class ConsumerLoop:
    """Keeps a service's read models up to date. `start` returns at once.

    `on_applied` is told the names of the read models that a batch has changed. `on_dead` is told
    why, when only a new process can help.
    """

    def __init__(
        self,
        *,
        service: str,
        subscriptions: Subscriptions,
        database: Database,
        kafka: KafkaSettings,
        on_applied: Callable[[frozenset[str]], None] = lambda _: None,
        on_dead: Callable[[str], None] = lambda _: None,
        limits: ConsumerLimits | None = None,
    ) -> None:
        self._service = service
        self._kafka = kafka
        self._group = group_id(kafka, service)
        self._topics = [topic_name(kafka, topic) for topic in subscriptions.topics]
        self._read_models = bind(subscriptions, database)
        self._dead_letters = DeadLetters(database)
        self._markers = BuildMarkers(database)
        self._stopped = StoppedConsumers(database, self._group)
        self._on_applied = on_applied
        self._on_dead = on_dead
        self._limits = limits or ConsumerLimits()
        self._builds = Builds(service, self._read_models, database, kafka, self._limits.flood)
        self._flood = FloodGuard(self._limits.flood)
        self._lag = Lag(service, self._topics, kafka)
        self._set_aside_log = SetAsideLog()
        self._stopping = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin in the background: build what is missing, join the group, consume."""
        metrics.CONSUMER_STOPPED.labels(self._service).set(0)
        metrics.CONSUMER_CONNECTED.labels(self._service).set(0)
        if self._read_models:
            self._running = asyncio.create_task(self._run(), name="consumer")

    async def stop(self) -> None:
        """Let the running batch end and commit, and leave the group; bounded."""
        self._stopping.set()
        if self._running is None:
            return
        await asyncio.wait((self._running,), timeout=self._limits.drain_seconds + 10.0)
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        patience = Patience(0.5, 10.0)
        while not self._stopping.is_set():
            try:
                if await self._stopped_by_flood():
                    await nap(self._stopping, self._limits.look_seconds)
                    continue
                if not await self._unless_stopping(self._builds.build_missing()):
                    return
                await self._consume()
                patience.succeeded()
            except RebuildRefused as refused:
                await self._keep_stopped(str(refused))
            except (StorageError, KafkaError, OSError) as error:
                seconds = patience.failed()
                _log.warning("consumer.waits", error=repr(error), seconds=round(seconds, 1))
                await nap(self._stopping, seconds)
            except Exception:  # noqa: BLE001  # a defect shows here and in the lag; the loop goes on
                _log.exception("consumer.failed")
                await nap(self._stopping, patience.failed())

    async def _stopped_by_flood(self) -> bool:
        reason = await self._stopped.stopped()
        metrics.CONSUMER_STOPPED.labels(self._service).set(reason is not None)
        if reason is None:
            return False
        # What led to the stop doesn't count after a resume.
        self._flood.forget()
        return True

    async def _consume(self) -> None:
        turns = Turns()
        built = {
            one.name: await self._markers.positions(one.collection) for one in self._read_models
        }
        session = ConsumerSession(
            service=self._service,
            group=self._group,
            topics=self._topics,
            kafka=self._kafka,
            read_models=self._read_models,
            set_aside=self._set_aside,
            flood=self._flood,
            turns=turns,
            visibility=Visibility(built),
            on_applied=self._on_applied,
            batch_records=self._limits.batch_records,
            drain_seconds=self._limits.drain_seconds,
        )
        showing = asyncio.create_task(self._show(session, turns), name="consumer-metrics")
        try:
            # Not at once: who leaves amid a join is waited for as long as one that crashed.
            if not await self._unless_stopping(session.open(), self._limits.drain_seconds):
                return
            _log.info("consumer.started", group=self._group, topics=self._topics)
            await self._watch(session, turns)
        finally:
            await session.close()
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
            await self._lag.hide()
            self._set_aside_log.settle(ending=True)

    async def _show(self, session: ConsumerSession, turns: Turns) -> None:
        """What an operator sees of the client, also while it waits to be let into the group."""
        while True:
            try:
                await self._lag.show(session.consumer, turns)
            except Exception:  # noqa: BLE001  # a defect in a figure stops no event
                _log.exception("consumer.not_shown")
            if turns.last_poll is not None:
                metrics.CONSUMER_LAST_POLL.labels(self._service).set(turns.last_poll)
            self._set_aside_log.settle()
            await asyncio.sleep(self._limits.look_seconds)

    async def _watch(self, session: ConsumerSession, turns: Turns) -> None:
        """Until the process stops, or the consumer has to."""
        watchdog = Watchdog(turns, seconds=self._limits.watchdog_seconds)
        looks = looks_missing = 0
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            while not stopping.done():
                await asyncio.wait(
                    (stopping, session.flood),
                    timeout=self._limits.look_seconds,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if session.flood.done():
                    await self._keep_stopped(session.flood.result())
                    return
                looks += 1
                with contextlib.suppress(StorageError):
                    if looks % STORAGE_LOOKS == 0:
                        if await self._stopped.stopped():
                            return
                        looks_missing = 0 if await self._builds.built.all() else looks_missing + 1
                        if looks_missing >= MISSING_LOOKS:
                            return
                if verdict := await watchdog.verdict(session.consumer):
                    _log.error("consumer.dead", reason=verdict)
                    self._on_dead(verdict)
                    return
        finally:
            stopping.cancel()

    async def _keep_stopped(self, reason: str) -> None:
        _log.error("consumer.stopped_by_flood", reason=reason)
        metrics.CONSUMER_STOPPED.labels(self._service).set(1)
        self._flood.forget()
        patience = Patience(0.2, 5.0)
        while not self._stopping.is_set():
            try:
                await self._stopped.stop(reason)
            except StorageError:
                await nap(self._stopping, patience.failed())
            else:
                return

    async def _set_aside(self, poison: Sequence[Poison]) -> None:
        await self._dead_letters.add_many([dead_letter(self._group, one) for one in poison])
        self._set_aside_log.note(poison)

    async def _unless_stopping(
        self, work: Coroutine[Any, Any, None], patience_seconds: float = 0.0
    ) -> bool:
        """Whether the work was done; a stop cuts it short, after so much patience."""
        task = asyncio.ensure_future(work)
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait((task,), timeout=patience_seconds)
            if task.done():
                task.result()
            return task.done()
        finally:
            stopping.cancel()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
