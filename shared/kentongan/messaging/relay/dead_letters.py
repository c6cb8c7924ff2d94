"""Publishes what the consumer has set aside to the service's dead-letter topic, as it came."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from kentongan.messaging.patience import Patience
from kentongan.messaging.relay.publishing import Publisher
from kentongan.storage.dead_letters import DeadLetter, DeadLetters
from kentongan.storage.errors import StorageError

_log = structlog.get_logger(__name__)
_EACH_SECONDS: Final = 5.0
_TURN_SECONDS: Final = 10.0
_CLOSE_SECONDS: Final = 2.0
_AT_ONCE: Final = 100
Headers = list[tuple[str, bytes | None]]


class DeadLetterRelay:
    """Beside the rounds, with a producer of its own, so that neither holds up the other.

    The collection is the truth, the topic a copy for onlookers.
    """

    def __init__(self, dead_letters: DeadLetters, publisher: Publisher, topic: str) -> None:
        self._dead_letters = dead_letters
        self._publisher = publisher
        self._topic = topic

    async def run(self, leads: Callable[[], bool]) -> None:
        """Publish while this process leads, for ever."""
        patience = Patience(1.0, 60.0)
        while True:
            seconds = _EACH_SECONDS
            try:
                if leads():
                    await self._publish_some()
                patience.succeeded()
            except (StorageError, KafkaError, OSError, TimeoutError) as error:
                seconds = patience.failed()
                _log.warning("dead_letters.wait", error=repr(error), seconds=round(seconds, 1))
            except Exception:  # noqa: BLE001  # a defect here harms no event
                seconds = patience.failed()
                _log.exception("dead_letters.failed")
            await asyncio.sleep(seconds)

    async def close(self, *, seconds: float) -> None:
        """Close the producer, within a bound."""
        await self._publisher.close(seconds=seconds)

    async def _publish_some(self) -> None:
        letters = await self._dead_letters.pending(_AT_ONCE)
        published: list[str] = []
        failure: KafkaError | None = None
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                for letter in letters:
                    try:
                        await self._publish(letter)
                    except KafkaError as error:
                        failure = error
                        if self._publisher.is_broken_by(error):
                            await self._renew()
                    else:
                        published.append(letter.id)
        finally:
            if published:
                await self._dead_letters.clear(published)
        if failure is not None:
            raise failure

    async def _renew(self) -> None:
        producer = await self._publisher.ready()
        await self._publisher.renew(producer, seconds=_CLOSE_SECONDS)

    async def _publish(self, letter: DeadLetter) -> None:
        headers = [*letter.headers, *explanation(letter)]
        try:
            # A record needs a key or a value; without either there is nothing but the headers.
            value = letter.value if letter.value is not None or letter.key is not None else b""
            await self._publisher.send_raw(
                self._topic, key=letter.key, value=value, headers=headers
            )
        except MessageSizeTooLargeError:
            # Where it was the broker that refused, what follows would be out of sequence.
            await self._renew()
            size = str(len(letter.value or b"")).encode()
            await self._publisher.send_raw(
                self._topic,
                key=None,
                value=b"",
                headers=[*explanation(letter), ("dl_omitted", size)],
            )


def explanation(letter: DeadLetter) -> Headers:
    """The headers that a dead letter adds to the record's own."""
    return [
        ("dl_id", letter.id.encode()),
        ("dl_reason", letter.reason.encode()),
        ("dl_detail", letter.detail.encode()),
        ("dl_topic", letter.topic.encode()),
        ("dl_partition", str(letter.partition).encode()),
        ("dl_offset", str(letter.offset).encode()),
        ("dl_attempts", str(letter.attempts).encode()),
    ]
