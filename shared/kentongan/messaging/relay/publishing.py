"""Handing records to Kafka: one after the other with key and headers, acknowledged by all replicas.

`publish_batch` of FastStream gives no key to the partitioner; this is aiokafka's producer itself.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from aiokafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.structs import TopicPartition

from kentongan.contracts.catalogue import CATALOGUE, UnknownContract
from kentongan.messaging.cloudevents import encode
from kentongan.messaging.kafka.clients import make_producer
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.relay.stuck import StuckPartitions
from kentongan.observability.tracing.records import follow_sending
from kentongan.settings import KafkaSettings
from kentongan.storage.outbox import PendingAggregate

_log = structlog.get_logger(__name__)

Acknowledgement: TypeAlias = "asyncio.Future[Any]"
_REFUSED = (MessageSizeTooLargeError, UnknownContract, ValueError)
"""The event itself can't be sent: oversized, or of a type that this version has forgotten."""
SEND_SECONDS = 1.0
"""For one aggregate to find room; a healthy partition takes it at once."""
KNOWN_SECONDS = 3_600.0
"""The broker keeps a producer's count for a day after its last record."""
_NOWHERE = TopicPartition("", -1)
_partition_of = DefaultPartitioner()


@dataclass(slots=True)
class Sent:
    """One aggregate's events on their way, in order; fewer than it has where a send failed."""

    aggregate: PendingAggregate
    producer: Any
    acknowledgements: list[Acknowledgement] = field(default_factory=list)
    failure: BaseException | None = None
    place: TopicPartition = _NOWHERE
    """Where the newest of its events went, or would have gone."""

    @property
    def done(self) -> bool:
        """Whether the fate of all that was sent is known."""
        return all(acknowledgement.done() for acknowledgement in self.acknowledgements)

    @property
    def refused(self) -> bool:
        """Whether a batch of it failed, be it only oversized: the producer has counted it."""
        return any(
            one.done() and not one.cancelled() and one.exception() is not None
            for one in self.acknowledgements
        )

    def acknowledged(self) -> int:
        """The length of the contiguous acknowledged prefix; the first failure is kept."""
        for position, acknowledgement in enumerate(self.acknowledgements):
            if (failure := _failure_of(acknowledgement)) is not None:
                self.failure = failure
                return position
        return len(self.acknowledgements)

    def give_up(self) -> None:
        """The producer is gone: what it has not acknowledged has to be sent again."""
        for acknowledgement in self.acknowledgements:
            acknowledgement.cancel()


class Publisher:
    """The producer of one service, renewed when it is broken."""

    def __init__(self, client_id: str, source: str, settings: KafkaSettings) -> None:
        self._client_id = client_id
        self._source = source
        self._settings = settings
        self._topics = {
            type_name: topic_name(settings, event.contract.topic.name)
            for type_name, event in CATALOGUE.by_type.items()
        }
        self.stuck = StuckPartitions()
        self._known: dict[TopicPartition, float] = {}
        """When the producer was last seen acknowledged there, where somebody had to know."""
        self._producer: Any = None

    async def ready(self) -> Any:
        """The producer, started. Raises KafkaError where the broker is away."""
        if self._producer is None:
            producer = make_producer(self._settings, client_id=self._client_id)
            try:
                # The tasks that it starts take this along to whatever the library logs.
                with structlog.contextvars.bound_contextvars(client=self._client_id):
                    await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
            self._known.clear()
        return self._producer

    def topic_of(self, type_name: str) -> str:
        """Where events of this type go. Raises UnknownContract."""
        try:
            return self._topics[type_name]
        except KeyError:
            raise UnknownContract(type_name) from None

    async def send(self, aggregate: PendingAggregate) -> Sent:
        """Send the events of one aggregate in order, within SEND_SECONDS.

        Stops at the first that can't be sent; the later ones must not overtake it.
        """
        producer = await self.ready()
        sent = Sent(aggregate, producer)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._send_in_order(sent)
        except TimeoutError:
            # What waits for room is in no batch yet, so nothing goes out that nobody follows.
            self.stuck.full(sent.place)
            sent.failure = KafkaTimeoutError()
        except (*_REFUSED, KafkaError) as failure:
            sent.failure = failure
        return sent

    async def _send_in_order(self, sent: Sent) -> None:
        for event in sent.aggregate.events:
            topic = self.topic_of(event.type)
            if sent.acknowledgements and not await self._may_follow(sent):
                return
            if sent.place.topic != topic:
                await self._find_place(sent, topic)
            record = encode(event, source=self._source)
            acknowledgement = await sent.producer.send(
                topic,
                value=record.value,
                key=record.key,
                headers=record.headers,
                partition=sent.place.partition,
            )
            sent.acknowledgements.append(acknowledgement)
            follow_sending(
                event.traceparent, event.event_id, topic, sent.place.partition, acknowledgement
            )

    async def _find_place(self, sent: Sent, topic: str) -> None:
        sent.place = TopicPartition(topic, _NOWHERE.partition)
        self.stuck.refuse(sent.place)
        partitions = sorted(await sent.producer.partitions_for(topic))
        key = sent.aggregate.id.encode()
        sent.place = TopicPartition(topic, _partition_of(key, partitions, partitions))
        self.stuck.refuse(sent.place)

    async def _may_follow(self, sent: Sent) -> bool:
        """Whether the next event can't land without the last one.

        A failed batch leaves a gap in the producer's count, so the broker refuses what follows it;
        but only where it knows the producer: of one that is new there it takes any number.
        """
        last = sent.acknowledgements[-1]
        now = time.monotonic()
        if now - self._known.get(sent.place, -KNOWN_SECONDS) >= KNOWN_SECONDS:
            await asyncio.wait((last,))
            if _failure_of(last) is None and self._settings.idempotent_producer:
                self._known[sent.place] = now
        return not last.done() or _failure_of(last) is None

    async def send_raw(
        self,
        topic: str,
        *,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]],
    ) -> None:
        """Send one record as it is and wait for its acknowledgement."""
        producer = await self.ready()
        await producer.send_and_wait(topic, value=value, key=key, headers=list(headers))

    def is_broken_by(self, failure: BaseException, *, refused: bool = False) -> bool:
        """Whether an idempotent producer must be renewed: a failed batch leaves a gap in its count.

        What failed before it was sent, and a timeout, leave none; `refused`: it was sent.
        """
        harmless = (*_REFUSED, KafkaTimeoutError, asyncio.CancelledError)
        return self._settings.idempotent_producer and (refused or not isinstance(failure, harmless))

    async def renew(self, broken: Any, *, seconds: float) -> None:
        """Close `broken`, within a bound; the next use starts another producer."""
        if broken is self._producer:
            self._producer = None
        _log.warning("relay.producer_renewed")
        await _stop(broken, seconds)

    async def close(self, *, seconds: float) -> None:
        """Flush and close, within a bound.

        While a partition has a leader, an idempotent producer repeats what it refuses for ever;
        without one it gives a batch up after the request timeout, and only then.
        """
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer, seconds)


def _failure_of(acknowledgement: Acknowledgement) -> BaseException | None:
    """Why it failed; None where it is there. To be asked only of what is done."""
    if acknowledgement.cancelled():
        return asyncio.CancelledError()
    return acknowledgement.exception()


async def _stop(producer: Any, seconds: float) -> None:
    flushed = False
    with contextlib.suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(seconds):
            await producer.stop()
            flushed = True
    if not flushed:
        _log.warning("relay.producer_abandoned", seconds=seconds)
        # stop() marks the producer closed before it waits, so a second one would do nothing.
        with contextlib.suppress(TimeoutError, KafkaError, asyncio.CancelledError):
            async with asyncio.timeout(1.0):
                await producer.client.close()


async def settle(sent: Sequence[Sent], *, seconds: float) -> None:
    """Wait until the fate of all is known, or the time is over.

    One by one costs nothing where a whole batch is acknowledged at once, which is the rule.
    """
    deadline = time.monotonic() + seconds
    for one in sent:
        for acknowledgement in one.acknowledgements:
            if not acknowledgement.done():
                await asyncio.wait((acknowledgement,), timeout=deadline - time.monotonic())
                if time.monotonic() >= deadline:
                    return
