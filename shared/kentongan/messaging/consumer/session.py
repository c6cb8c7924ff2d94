"""One membership of a service's group: FastStream's subscriber, from joining to leaving.

What holds it together: NACK_ON_ERROR with a handler that raises only to have the batch read again;
a parser that keeps headers from FastStream (a null or binary one would lose the batch); no
middleware; offsets are committed only behind what is applied or set aside.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.kafka.message import KafkaAckableMessage

from kentongan.messaging.consumer.commits import Commits
from kentongan.messaging.kafka.clients import consume_in_turns, make_broker, subscriber_options
from kentongan.messaging.kafka.turns import Interrupted, Turns
from kentongan.messaging.read_models.applying import Applying, Flood, Written
from kentongan.messaging.read_models.bound import ReadModel
from kentongan.messaging.read_models.poison import FloodGuard, Poison
from kentongan.messaging.read_models.visible import Visibility
from kentongan.messaging.read_models.writing import Tally
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings

HASTE_SECONDS = 1.0
"""For leaving a group that was never joined: the broker may take a session's length to let in."""

_log = structlog.get_logger(__name__)


class ConsumerSession:
    """Reads a service's topics in its group and applies them, batch by batch."""

    def __init__(
        self,
        *,
        service: str,
        group: str,
        topics: Sequence[str],
        kafka: KafkaSettings,
        read_models: Sequence[ReadModel],
        set_aside: Callable[[Sequence[Poison]], Awaitable[None]],
        flood: FloodGuard,
        turns: Turns,
        visibility: Visibility,
        on_applied: Callable[[frozenset[str]], None],
        batch_records: int,
        drain_seconds: float,
    ) -> None:
        self._service = service
        self._turns = turns
        self._on_applied = on_applied
        self._drain_seconds = drain_seconds
        self._applying = Applying(
            read_models=read_models,
            set_aside=set_aside,
            turns=turns,
            flood=flood,
            visibility=visibility,
            on_written=self._written,
            traced_for=group,
        )
        self._commits = Commits(service, lambda: self.consumer)
        turns.settle = self._settle
        self._broker = make_broker(
            kafka, client_id=f"{service}-consumer", graceful_seconds=drain_seconds
        )
        self._subscriber = self._broker.subscriber(
            *topics,
            **subscriber_options(kafka, group, batch_records=batch_records),
            listener=turns,
            ack_policy=AckPolicy.NACK_ON_ERROR,
            parser=self._parse,
            decoder=_keep_raw,
            no_reply=True,
        )
        self._subscriber(self._handle)
        self.flood: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Resolves to the reason when there is too much poison."""
        self._joined = False

    @property
    def consumer(self) -> Any:
        """aiokafka's consumer, while the session is open."""
        return self._subscriber.consumer

    async def open(self) -> None:
        """Connect, join the group and begin. Raises KafkaError where the broker is away.

        Joining lasts until a member that crashed is given up (the session timeout).
        """
        with structlog.contextvars.bound_contextvars(client=f"{self._service}-consumer"):
            await consume_in_turns(self._broker)
            await self._broker.start()
        self._joined = True

    async def close(self) -> None:
        """Let what was taken be written and committed, within a bound, and leave the group."""
        self._turns.interrupt()
        bound = self._drain_seconds + 5.0 if self._joined else HASTE_SECONDS
        try:
            async with asyncio.timeout(bound):
                await self._broker.stop()
        except (KafkaError, TimeoutError) as error:
            _log.warning("consumer.left_in_haste", error=repr(error))
        await self._applying.abandon()
        await self._commits.abandon()
        show(self._service, self._applying.take_tally())

    async def _parse(self, records: tuple[Any, ...]) -> KafkaAckableMessage:
        return KafkaAckableMessage(
            body=b"",
            raw_message=records,
            headers={},
            consumer=_Rewinding(self._subscriber.consumer),
        )

    async def _handle(self, records: Any) -> None:
        if self.flood.done():
            raise NackMessage
        try:
            await self._applying.take(records)
        except Interrupted:
            raise NackMessage from None
        except Flood as flood:
            # What is applied or set aside is committed; no more is taken.
            await self._commits.flush()
            self._stop_for(flood.reason)
            raise NackMessage from None

    def _written(self, written: Written) -> None:
        self._commits.note(written.reached)
        show(self._service, self._applying.take_tally())
        self._on_applied(written.read_models)
        if written.flood is not None:
            self._stop_for(written.flood)

    async def _settle(self) -> None:
        with contextlib.suppress(Interrupted, Flood):
            await self._applying.settle()
        await self._commits.flush()

    def _stop_for(self, reason: str) -> None:
        if not self.flood.done():
            self.consumer.pause(*self.consumer.assignment())
            self.flood.set_result(reason)


class _Rewinding:
    """What FastStream may do to the consumer after a batch: seek back, but not commit.

    Its commit takes the positions, behind which records may still be under way to the database.
    """

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer

    async def commit(self) -> None:
        """Nothing: commits follow the writes (`commits.py`)."""

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read again from here."""
        self._consumer.seek(partition, offset)


async def _keep_raw(message: KafkaAckableMessage) -> Any:
    return message.raw_message


def show(service: str, tally: Tally) -> None:
    """Add what became of records to the metrics."""
    for topic, number in tally.consumed.items():
        metrics.CONSUMED.labels(service, topic).inc(number)
    for topic, number in tally.skipped.items():
        metrics.SKIPPED.labels(service, topic).inc(number)
    for read_model, number in tally.applied.items():
        metrics.APPLIED.labels(service, read_model).inc(number)
    for reason, number in tally.poison.items():
        metrics.DEAD_LETTERS.labels(service, reason).inc(number)
    for topic, seconds in tally.visible_after.items():
        metrics.EVENT_VISIBLE.labels(service, topic).observe_many(seconds)
