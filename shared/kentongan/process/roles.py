"""The roles of a service process: consumer, reactions, relay; begun in order, ended in reverse."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

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
from kentongan.process.storage_layout import layouts_of
from kentongan.settings import ServiceSettings
from kentongan.storage import plan
from kentongan.storage.driver import Database, ping
from kentongan.storage.errors import StorageUnavailable

_log = structlog.get_logger(__name__)
_RETRY_SECONDS = 0.5


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
        self.ending = False
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

    async def readiness(self) -> Mapping[str, bool]:
        """What a request or an operator may rely on; all true means ready."""
        return {
            "serving": not self.ending,
            "prepared": self._prepared,
            "mongo": await self._reachable(),
            "read_models": not self._reads or await self._read_models_built(),
        }

    async def start(self, fail: Callable[[str], None]) -> None:
        """Verify, then begin; `fail` is told where only a new process can help.

        Raises StorageNotPrepared and TopicsNotReady.
        """
        await _once_reachable("storage", self._verify_storage)
        self._prepared = True
        await self._outbox_view.start()
        if {"consumer", "relay"} & set(self._played):
            await self._start_messaging(fail)
        for role in self._workers:
            await self._assembly.workers[role].start()
        _log.info("roles.started", roles=self._played)

    async def _start_messaging(self, fail: Callable[[str], None]) -> None:
        await _once_reachable("topics", self._verify_topics)
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
        unbuilt = [one.name for one in await self._built.missing()]
        layouts = layouts_of(self._assembly, self._database, unbuilt=unbuilt)
        await plan.verify(self._database, layouts)

    async def _read_models_built(self) -> bool:
        """Whichever process builds them: queries are answered from them here as well."""
        try:
            return await self._built.all()
        except StorageUnavailable:
            return False

    async def _reachable(self) -> bool:
        try:
            await ping(self._database)
        except StorageUnavailable:
            return False
        return True


async def _once_reachable(what: str, verify: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            return await verify()
        except (StorageUnavailable, KafkaError, OSError) as error:
            _log.warning("process.waits", what=what, error=repr(error))
            await asyncio.sleep(_RETRY_SECONDS)
