"""The relay: takes recorded events from the outboxes of one service to Kafka, by one leader."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog
from aiokafka.errors import KafkaError

from kentongan.messaging.kafka.topics import dead_letter_topic
from kentongan.messaging.leadership import Leadership, process_name
from kentongan.messaging.patience import Patience, nap
from kentongan.messaging.relay.dead_letters import DeadLetterRelay
from kentongan.messaging.relay.publishing import Publisher
from kentongan.messaging.relay.rounds import RoundLimits, Rounds
from kentongan.messaging.relay.wake_up import WakeUp
from kentongan.settings import KafkaSettings
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageError
from kentongan.storage.lease import Lease
from kentongan.storage.outbox import Outbox

_log = structlog.get_logger(__name__)
LEASE = "relay"


@dataclass(frozen=True, slots=True)
class RelayLimits:
    """How often the relay polls, how long its lease lasts, how long a stop may take; in seconds."""

    poll_seconds: float = 1.0
    watched_poll_seconds: float = 5.0
    """How often it polls while a change stream tells of every write: a safety net."""
    lease_seconds: float = 10.0
    stop_seconds: float = 8.0
    rounds: RoundLimits = field(default_factory=RoundLimits)


class Relay:
    """One service's relay. `start` returns at once, and works while Kafka or MongoDB are away."""

    def __init__(
        self,
        *,
        service: str,
        source: str,
        database: Database,
        collections: Sequence[str],
        kafka: KafkaSettings,
        limits: RelayLimits | None = None,
    ) -> None:
        self._service = service
        self._limits = limits or RelayLimits()
        self._outbox = Outbox(database, collections)
        self._publisher = Publisher(f"{service}-relay", source, kafka)
        self._rounds = Rounds(
            service, self._outbox, self._publisher, self._limits.rounds, self.wake
        )
        self._wake_up = WakeUp(self._outbox, self._rounds.is_taken)
        self._dead_letters = DeadLetterRelay(
            DeadLetters(database),
            Publisher(f"{service}-dead-letters", source, kafka),
            dead_letter_topic(kafka, service),
        )
        lease = Lease(database, LEASE, process_name(), ttl=self._limits.lease_seconds)
        self._leadership = Leadership(lease, "relay")
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def leads(self) -> bool:
        """Whether this process publishes for the service."""
        return self._leadership.leads

    def wake(self) -> None:
        """There may be something to publish: called after a write in the same process."""
        self._wake_up.wake()

    async def start(self) -> None:
        """Begin to relay, in the background, as soon as this process leads."""
        self._tasks = [
            asyncio.create_task(self._run(), name="relay"),
            asyncio.create_task(self._wake_up.watch(), name="relay-wake-up"),
            asyncio.create_task(self._dead_letters.run(lambda: self.leads), name="relay-letters"),
        ]

    async def stop(self) -> None:
        """Finish the rounds under way, close the producer, hand over the lead; each bounded."""
        self._stopping.set()
        self._wake_up.wake()
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=self._limits.stop_seconds / 4)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._rounds.finish(self._limits.stop_seconds / 4)
        await asyncio.gather(
            self._publisher.close(seconds=self._limits.stop_seconds / 4),
            self._dead_letters.close(seconds=self._limits.stop_seconds / 4),
        )
        await self._leadership.resign()

    async def _run(self) -> None:
        patience = Patience(0.2, 5.0)
        woken = True
        while not self._stopping.is_set():
            try:
                full = await self._lead_one_round(woken=woken)
                patience.succeeded()
            except (StorageError, KafkaError, OSError) as error:
                seconds = patience.failed()
                _log.warning("relay.waits", error=repr(error), seconds=round(seconds, 1))
                await nap(self._stopping, seconds)
            except Exception:  # noqa: BLE001  # a defect shows here and in the backlog's age
                _log.exception("relay.failed")
                await nap(self._stopping, patience.failed())
            else:
                woken = full or await self._wake_up.wait(self._poll_seconds)

    @property
    def _poll_seconds(self) -> float:
        # Who stands by looks often: the lead may be given away at any moment.
        watched = self._wake_up.watches and self.leads
        return self._limits.watched_poll_seconds if watched else self._limits.poll_seconds

    async def _lead_one_round(self, *, woken: bool) -> bool:
        led = self.leads
        if not await self._leadership.lead():
            return False
        await self._publisher.ready()
        if led and not woken and not await self._outbox.anything_waits():
            return False
        return await self._rounds.begin()
