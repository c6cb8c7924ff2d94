"""A publishing and a reading service in one database, on registry's and placement's contracts."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pydantic import BaseModel

from kentongan.contracts.placement import ActivityVerified
from kentongan.contracts.registry import (
    KimDissolved,
    KimRegistered,
    KimReinstated,
    KimState,
    KimSuspended,
    KimUpdated,
)
from kentongan.domain import CommandContext, Decision
from kentongan.domain.clock import utc_now
from kentongan.messaging.consumer.loop import ConsumerLimits, ConsumerLoop
from kentongan.messaging.kafka.clients import make_producer
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.messaging.relay.loop import Relay, RelayLimits
from kentongan.messaging.subscriptions import (
    DirectorySubscription,
    LedgerSubscription,
    Subscriptions,
)
from kentongan.settings import KafkaSettings
from kentongan.storage.aggregates.store import AggregateStore, Stored
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.outbox import Outbox
from kentongan.storage.projections.directory import Directory
from kentongan.storage.projections.ledger import Ledger

SERVICE = "placement"
SOURCE = "urn:kentongan:36.71:registry"
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
KIM_EVENTS = (KimRegistered, KimUpdated, KimSuspended, KimReinstated, KimDissolved)

KIMS: DirectorySubscription[KimState] = DirectorySubscription(
    "kims",
    KIM_EVENTS,
    lambda event: {"name": event.name, "status": event.status, "members": event.member_count},
)
ACTIVITIES: LedgerSubscription[ActivityVerified] = LedgerSubscription(
    "activities", (ActivityVerified,), lambda event: {"minutes": event.minutes}
)
BOTH = Subscriptions((KIMS, ACTIVITIES))


class Kim(BaseModel):
    name: str
    members: int = 3


def kim_event(
    kim_id: str, name: str, *, members: int = 3, kind: type[KimState] = KimRegistered
) -> KimState:
    example = kind.contract.example
    return kind.model_validate({**example, "kim_id": kim_id, "name": name, "member_count": members})


def command(name: str) -> CommandContext:
    return CommandContext(name, "lurah", utc_now(), "correlation", "causation", TRACEPARENT)


def receipt(stored: Stored[Kim]) -> dict[str, Any]:
    return {"id": stored.id}


class Village:
    """Everything of one test: stores, relay, consumers; all stopped at the end."""

    def __init__(self, database: Database, kafka: KafkaSettings) -> None:
        self.database = database
        self.kafka = kafka
        self.kims: AggregateStore[Kim] = AggregateStore(database, "kims", Kim)
        self.activities: AggregateStore[Kim] = AggregateStore(database, "activities", Kim)
        self.directory = Directory(database, "kims")
        self.ledger = Ledger(database, "activities")
        self.dead_letters = DeadLetters(database)
        self.outbox = Outbox(database, ("kims", "activities"))
        self.changed: list[frozenset[str]] = []
        self.deaths: list[str] = []
        self._running: list[Relay | ConsumerLoop] = []
        self._built: dict[ConsumerLoop, Built] = {}

    async def register(self, kim_id: str, name: str = "Gerendeng") -> None:
        decision = Decision(Kim(name=name), "kim.register", kim_event(kim_id, name))
        await self.kims.create(kim_id, decision, command("kim.register"), receipt)

    async def rename(self, kim_id: str, name: str) -> None:
        event = kim_event(kim_id, name, kind=KimUpdated)
        await self.kims.change(
            kim_id,
            lambda kim: Decision(kim.model_copy(update={"name": name}), "kim.update", event),
            command("kim.update"),
            receipt,
        )

    async def relay(self, limits: RelayLimits | None = None) -> Relay:
        relay = Relay(
            service=SERVICE,
            source=SOURCE,
            database=self.database,
            collections=self.outbox.collections,
            kafka=self.kafka,
            limits=limits,
        )
        # As in a process that plays all roles.
        self.kims.on_recorded = relay.wake
        await relay.start()
        self._running.append(relay)
        return relay

    async def consumer(
        self,
        subscriptions: Subscriptions = BOTH,
        *,
        limits: ConsumerLimits | None = None,
        kafka: KafkaSettings | None = None,
        database: Database | None = None,
    ) -> ConsumerLoop:
        consumer = ConsumerLoop(
            service=SERVICE,
            subscriptions=subscriptions,
            database=database if database is not None else self.database,
            kafka=kafka or self.kafka,
            on_applied=self.changed.append,
            on_dead=self.deaths.append,
            limits=limits,
        )
        self._built[consumer] = Built(bind(subscriptions, self.database), self.database)
        await consumer.start()
        self._running.append(consumer)
        return consumer

    async def end(self, part: Relay | ConsumerLoop) -> None:
        self._running.remove(part)
        await part.stop()

    async def stop(self) -> None:
        for part in reversed(self._running):
            await part.stop()
        self._running.clear()

    async def publish_raw(
        self,
        records: Sequence[tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]],
        topic: str = "registry.kims",
    ) -> None:
        """Put records on a topic as anybody might, past the relay and the contracts."""
        producer = make_producer(self.kafka, client_id="anybody")
        await producer.start()
        try:
            name = topic_name(self.kafka, topic)
            sent = [
                await producer.send(name, value=value, key=key, headers=headers)
                for key, value, headers in records
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def knows(self, kim_id: str, name: str) -> bool:
        entry = await self.directory.get(kim_id)
        return entry is not None and entry.entry["name"] == name

    async def counted(self, groups: int) -> bool:
        return await self.directory.count() == groups

    def built(self, consumer: ConsumerLoop) -> Callable[[], Awaitable[bool]]:
        return self._built[consumer].all

    async def all_built(self) -> bool:
        """Whether no consumer of this test has a read model to build."""
        return all([await built.all() for built in self._built.values()])

    def told_of(self, read_model: str) -> Callable[[], Awaitable[bool]]:
        async def told() -> bool:
            return frozenset({read_model}) in self.changed

        return told

    async def outbox_empty(self) -> bool:
        return (await self.outbox.backlog()).count == 0
