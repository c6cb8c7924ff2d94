"""What a case works with: addresses, names that no two runs share, and topics filled once."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.write_concern import WriteConcern

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.recorded import RecordedEvent
from kentongan.messaging.cloudevents import encode
from kentongan.messaging.kafka import topics
from kentongan.settings import KafkaSettings
from kentongan.storage import plan
from kentongan.storage.driver import Database, close, connect, open_database
from kentongan.storage.indexes import Layout

SOURCE = "urn:kentongan:36.71:bench"
_FILL_ROUND = 5_000


class Workbench:
    """The running stack, seen by the cases. `quick` makes the amounts a tenth, with one pair."""

    def __init__(
        self,
        kafka_bootstrap: str,
        mongo_uri: str,
        *,
        quick: bool = False,
        pairs: int | None = None,
    ) -> None:
        self.kafka_bootstrap = kafka_bootstrap
        self.mongo_uri = mongo_uri
        self.quick = quick
        self.pairs = pairs or (1 if quick else 3)
        self.names = "bench-"
        """What all names begin with; another process that works on this stack takes its own."""
        self._numbers = itertools.count(1)
        self._filled: dict[str, KafkaSettings] = {}

    def amount(self, full: int) -> int:
        """How many items of something to use."""
        return full // 10 if self.quick else full

    def name(self, what: str) -> str:
        """A name that was not used before."""
        return f"{self.names}{what}-{next(self._numbers)}"

    async def topics(self, what: str) -> KafkaSettings:
        """Settings with a prefix of its own, under which all topics of the catalogue are made."""
        settings = KafkaSettings(
            bootstrap_servers=self.kafka_bootstrap, topic_prefix=f"{self.name(what)}."
        )
        await topics.apply(settings, CATALOGUE)
        return settings

    async def filled(
        self, what: str, topic: str, events: Callable[[], Iterable[RecordedEvent]]
    ) -> KafkaSettings:
        """Topics of which `topic` holds these events; filled once a bench, for all cases."""
        if what not in self._filled:
            settings = await self.topics(what)
            await fill(settings, topics.topic_name(settings, topic), events())
            self._filled[what] = settings
        return self._filled[what]

    @asynccontextmanager
    async def kit_database(
        self, layouts: Callable[[Database], Iterable[Layout]]
    ) -> AsyncIterator[Database]:
        """A database as the kit opens it, with its collections and indexes; dropped at the end."""
        client = connect(self.mongo_uri, application="kentongan-bench")
        database = open_database(client, self.name("kit"))
        try:
            await plan.apply(database, layouts(database))
            yield database
        finally:
            await client.drop_database(database.name)
            close(client)

    @asynccontextmanager
    async def bare_database(
        self, layouts: Callable[[Database], Iterable[Layout]]
    ) -> AsyncIterator[Any]:
        """A database as the driver gives it, majority and journalled, with the same indexes."""
        client: Any = AsyncIOMotorClient(self.mongo_uri, tz_aware=True)
        name = self.name("bare")
        database = client.get_database(name, write_concern=WriteConcern("majority", j=True))
        try:
            await plan.apply(open_database(client, name), layouts(database))
            yield database
        finally:
            await client.drop_database(name)
            client.close()


async def fill(settings: KafkaSettings, topic: str, events: Iterable[RecordedEvent]) -> None:
    """Write events to a topic, in their order per key."""
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.bootstrap_servers, acks="all", max_batch_size=512 * 1024
    )
    await producer.start()
    try:
        waiting = []
        for event in events:
            record = encode(event, source=SOURCE)
            waiting.append(
                await producer.send(topic, record.value, record.key, headers=record.headers)
            )
            if len(waiting) >= _FILL_ROUND:
                for sent in waiting:
                    await sent
                waiting.clear()
        for sent in waiting:
            await sent
    finally:
        await producer.stop()


class LogWatch:
    """Calls back when the kit logs an event: what happens inside is known without touching it."""

    def __init__(self) -> None:
        self._callbacks: dict[str, Callable[[], None]] = {}
        structlog.configure(
            processors=[self._note], wrapper_class=structlog.make_filtering_bound_logger("INFO")
        )

    def on(self, event: str, callback: Callable[[], None]) -> None:
        """From now on, at this event; the last callback given counts."""
        self._callbacks[event] = callback

    def _note(self, _: Any, level: str, event: MutableMapping[str, Any]) -> str:
        if callback := self._callbacks.get(event["event"]):
            callback()
        if level in ("info", "debug"):
            raise structlog.DropEvent
        return f"{level}: {dict(event)}"


log_watch = LogWatch()
