"""One membership of a service's group: FastStream's subscriber, from joining to leaving.

What holds it together: NACK_ON_ERROR with a handler that raises only to have the batch read again;
a parser that keeps headers from FastStream (a null or binary one would lose the batch); no
middleware; commits only after everything of the batch is applied or set aside.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.kafka.message import KafkaAckableMessage

from kentongan.messaging.kafka.clients import consume_in_turns, make_broker, subscriber_options
from kentongan.messaging.kafka.turns import Interrupted, Turns
from kentongan.messaging.read_models.applying import Applying, Flood, Tally
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings

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
        applying: Applying,
        turns: Turns,
        on_applied: Callable[[frozenset[str]], None],
        batch_records: int,
        drain_seconds: float,
    ) -> None:
        self._service = service
        self._applying = applying
        self._turns = turns
        self._on_applied = on_applied
        self._drain_seconds = drain_seconds
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

    @property
    def consumer(self) -> Any:
        """aiokafka's consumer, while the session is open."""
        return self._subscriber.consumer

    async def open(self) -> None:
        """Connect and begin. Raises KafkaError where the broker is away."""
        await consume_in_turns(self._broker)
        await self._broker.start()

    async def close(self) -> None:
        """Let the running batch end and commit, within a bound, and leave the group."""
        self._turns.interrupt()
        try:
            async with asyncio.timeout(self._drain_seconds + 5.0):
                await self._broker.stop()
        except (KafkaError, TimeoutError) as error:
            _log.warning("consumer.left_in_haste", error=repr(error))

    async def _parse(self, records: tuple[Any, ...]) -> KafkaAckableMessage:
        return KafkaAckableMessage(
            body=b"", raw_message=records, headers={}, consumer=self._subscriber.consumer
        )

    async def _handle(self, records: Any) -> None:
        if self.flood.done():
            raise NackMessage
        try:
            touched = await self._applying.apply(records)
        except Interrupted:
            raise NackMessage from None
        except Flood as flood:
            await self._stop_at(flood)
            raise NackMessage from None
        finally:
            show(self._service, self._applying.take_tally())
        self._on_applied(touched)

    async def _stop_at(self, flood: Flood) -> None:
        """Commit what is applied or set aside, and take no more."""
        consumer = self.consumer
        with contextlib.suppress(KafkaError):
            await consumer.commit(flood.reached)
        consumer.pause(*consumer.assignment())
        if not self.flood.done():
            self.flood.set_result(flood.reason)


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
        _log.warning("records.set_aside", reason=reason, number=number)
