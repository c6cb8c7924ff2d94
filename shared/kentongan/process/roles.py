"""The roles of a service process: consumer, reactions, relay; begun in order, ended in reverse."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiokafka.errors import KafkaError

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.consumer.loop import ConsumerLoop
from kentongan.messaging.kafka import topics
from kentongan.messaging.reactions import Reactions
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.messaging.relay.loop import Relay
from kentongan.messaging.relay.observing import OutboxView
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.process.storage_layout import missing_layout
from kentongan.settings import ServiceSettings
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageNotPrepared, StorageUnavailable

_log = structlog.get_logger(__name__)
_RETRY_SECONDS = 0.5
_LONGEST_RETRY_SECONDS = 4.0


class Roles:
    """What the process plays beside HTTP. MongoDB and Kafka may be away when it starts.

    Storage is verified before anything begins, topics before Kafka is used: what is missing ends
    the process with the list of it, what is unreachable is waited for.
    """

    def __init__(
        self,
        definition: ServiceDefinition,
        assembly: Assembly,
        resources: Resources,
        *,
        played: tuple[str, ...],
    ) -> None:
        self._definition = definition
        self._assembly = assembly
        self._settings: ServiceSettings = resources.settings
        self._database: Database = resources.database
        self._played = played
        self._prepared = False
        self._built = Built(bind(assembly.subscriptions, resources.database), resources.database)
        self._consumer: ConsumerLoop | None = None
        self._reactions: Reactions | None = None
        self._relay: Relay | None = None
        self._outbox_view = OutboxView(
            definition.name,
            resources.database,
            [store.name for store in assembly.stores],
            leads=lambda: self._relay is not None and self._relay.leads,
        )

    @property
    def prepared(self) -> bool:
        """Whether storage was found in order."""
        return self._prepared

    async def read_models_built(self) -> bool:
        """Whichever process builds them: queries are answered from them here as well.

        Raises StorageUnavailable.
        """
        return not self._reads or await self._built.all()

    async def start(self, fail: Callable[[str], None]) -> None:
        """Verify, then begin; `fail` is told where only a new process can help.

        Who needs Kafka for nothing begins without it, and verifies once it is there: what the
        process records would else wait for a topic that nobody misses. Raises StorageNotPrepared
        and TopicsNotReady.
        """
        await _once_reachable("storage", self._verify_storage)
        self._prepared = True
        await self._outbox_view.start()
        uses_kafka = bool({"consumer", "relay"} & set(self._played))
        if uses_kafka:
            await _once_reachable("topics", self._verify_topics)
            await self._start_messaging(fail)
        for role in self._workers:
            await self._assembly.workers[role].start()
        _log.info("roles.started", roles=self._played)
        if not uses_kafka and "api" in self._played:
            # A courier's network reaches MongoDB and the Internet: its service's others look.
            await _once_reachable("topics", self._verify_topics)

    async def _start_messaging(self, fail: Callable[[str], None]) -> None:
        if "consumer" in self._played:
            self._reactions = Reactions(
                subscriptions=self._assembly.subscriptions, database=self._database
            )
            self._consumer = ConsumerLoop(
                service=self._definition.name,
                subscriptions=self._assembly.subscriptions,
                database=self._database,
                kafka=self._settings.kafka,
                on_applied=self._reactions.wake,
                on_dead=fail,
            )
            await self._consumer.start()
            await self._reactions.start()
        if "relay" in self._played:
            self._relay = self._make_relay()
            await self._relay.start()
            for store in self._assembly.stores:
                store.on_recorded = self._relay.wake

    async def stop(self) -> None:
        """End in order: what consumes and works first, so that what it records is still relayed."""
        for name in self._workers:
            await self._assembly.workers[name].stop()
        for role in (self._consumer, self._reactions, self._relay):
            if role is not None:
                await role.stop()
        await self._outbox_view.stop()

    @property
    def _reads(self) -> bool:
        """Whether read models matter here: a relay publishes without them."""
        return bool({"api", "consumer"} & set(self._played))

    @property
    def _workers(self) -> tuple[str, ...]:
        return tuple(role for role in self._played if role in self._assembly.workers)

    def _make_relay(self) -> Relay:
        name = self._definition.name
        return Relay(
            service=name,
            source=self._settings.source(name),
            database=self._database,
            collections=[store.name for store in self._assembly.stores],
            kafka=self._settings.kafka,
        )

    async def _verify_topics(self) -> None:
        """Its own and those that it reads: no right on any other is needed."""
        await topics.verify(
            self._settings.kafka,
            CATALOGUE,
            self._definition.name,
            reads=self._assembly.subscriptions.topics,
        )

    async def _verify_storage(self) -> None:
        """All but the read models that a build is going to make anew."""
        missing, _ = await missing_layout(self._assembly, self._database, self._built)
        if missing:
            raise StorageNotPrepared(tuple(map(str, missing)))


async def _once_reachable(what: str, verify: Callable[[], Awaitable[None]]) -> None:
    pause = _RETRY_SECONDS
    while True:
        try:
            return await verify()
        except (StorageUnavailable, KafkaError, OSError) as error:
            _log.warning("process.waits", what=what, error=repr(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_RETRY_SECONDS)
