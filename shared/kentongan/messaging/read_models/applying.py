"""Applying batches: one is polled and decoded while what came before is written.

There is one write at a time. What is decoded meanwhile gathers into the next, larger one, which
folds well: the writes are what limits a directory. Offsets are committed behind the writes.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeAlias

import structlog
from aiokafka.structs import TopicPartition

from kentongan.messaging.kafka.turns import Interrupted, Turns
from kentongan.messaging.read_models.bound import ReadModel
from kentongan.messaging.read_models.decoding import Decoded, Decoder
from kentongan.messaging.read_models.poison import FloodGuard, Poison
from kentongan.messaging.read_models.refusals import Cut
from kentongan.messaging.read_models.visible import Visibility
from kentongan.messaging.read_models.writing import Tally, Writing
from kentongan.observability.tracing.records import Processing

_log = structlog.get_logger(__name__)

SLICE_RECORDS = 500
"""Decoded in a few milliseconds: heartbeats share the event loop."""
GATHERED_RECORDS = 10_000
"""No more is decoded while so many wait to be written: memory is bounded, and writes fold well."""
GATHERED_BYTES = 64 * 1024 * 1024
"""The same bound where records are large; in bytes of their values."""
DEFECT_PAUSE_SECONDS = 1.0
Records: TypeAlias = Sequence[Any]
_topic = attrgetter("topic")
_value = attrgetter("value")


class Flood(Exception):
    """Too much poison. All that was taken before is applied or set aside."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Written:
    """What one write has made safe: these read models changed, and all before these offsets."""

    read_models: frozenset[str]
    reached: dict[TopicPartition, int]
    flood: str | None = None
    """Why it ended early and was the last one, where too much was refused."""


@dataclass(slots=True)
class _Taken:
    """What gathers while the write before is under way."""

    decoded: Decoded = field(default_factory=Decoded)
    consumed: Counter[str] = field(default_factory=Counter)
    reached: dict[TopicPartition, int] = field(default_factory=dict)
    records: int = 0
    bytes: int = 0

    @property
    def is_full(self) -> bool:
        return self.records >= GATHERED_RECORDS or self.bytes >= GATHERED_BYTES


class Applying:
    """Applies batches of records to read models; safe to repeat at any point.

    `on_written` is told of each write: from then on its offsets may be committed. `traced_for` is
    the group for which sampled records get spans; a rebuild or a redrive makes none.
    """

    def __init__(
        self,
        *,
        read_models: Sequence[ReadModel],
        set_aside: Callable[[Sequence[Poison]], Awaitable[None]],
        turns: Turns,
        flood: FloodGuard | None = None,
        visibility: Visibility | None = None,
        on_written: Callable[[Written], None] = lambda _: None,
        traced_for: str | None = None,
    ) -> None:
        self._decoder = Decoder(read_models, traced_for=traced_for)
        self._writing = Writing(
            read_models=read_models,
            set_aside=set_aside,
            turns=turns,
            flood=flood,
            visibility=visibility,
        )
        self._flood = flood
        self._flooded: str | None = None
        """Why nothing is written any more: so much was refused."""
        self._turns = turns
        self._on_written = on_written
        self._tally = Tally()
        self._waiting = _Taken()
        self._unwritten: dict[TopicPartition, int] = {}
        """By partition, the first record that was taken and may not be written."""
        self._writer: asyncio.Task[None] | None = None
        self._wrote = asyncio.Event()

    def take_tally(self) -> Tally:
        """What became of the records since the last time it was asked."""
        tally, self._tally = self._tally, Tally()
        tally.skipped = self._decoder.take_skipped()
        return tally

    async def apply(self, records: Records) -> None:
        """Take a batch and see it written. Raises as `take` does (nothing is held any more)."""
        try:
            await self.take(records)
            await self.settle()
        finally:
            self._turns.given_back.clear()

    async def take(self, records: Records) -> None:
        """Decode a batch; its last part may still be under way to the database on return.

        Raises Interrupted where a write was given up (the turns know what to read again), or Flood.
        """
        self._go_on()
        self._hold(records)
        for one_slice in _slices(records):
            self._go_on()
            flood = self._take_slice(one_slice)
            # Lets a finished write be seen, a heartbeat pass and the next write begin.
            await asyncio.sleep(0)
            self._write_on()
            await asyncio.sleep(0)
            if flood:
                await self.settle()
                raise Flood(flood)
            while self._waiting.is_full and not self._turns.given_back:
                self._wrote.clear()
                await self._wrote.wait()
        self._decoder.note_poll(records, began=self._turns.polled_at)
        self._go_on()

    async def settle(self) -> None:
        """Until all that was taken is written. Raises Interrupted (it was given up) or Flood."""
        while self._writer is not None and not self._writer.done():
            await asyncio.wait((self._writer,))
        self._go_on()

    async def abandon(self) -> None:
        """Write no more, at the very end; what was not committed is read again by the next."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)

    def _go_on(self) -> None:
        """Raises Flood or Interrupted where what was taken is not written any more."""
        if self._flooded is not None:
            raise Flood(self._flooded)
        if self._turns.given_back:
            raise Interrupted

    def _hold(self, records: Records) -> None:
        if self._writer is None or self._writer.done():
            self._unwritten.clear()
        for partition, offset in _offsets(reversed(records)):
            self._unwritten[partition] = min(offset, self._unwritten.get(partition, offset))

    def _take_slice(self, records: Records) -> str | None:
        taken = self._waiting
        before = len(taken.decoded.poison)
        self._decoder.decode(records, taken.decoded)
        taken.records += len(records)
        taken.bytes += sum(map(len, filter(None, map(_value, records))))
        for partition, offset in _offsets(records):
            taken.reached[partition] = offset + 1
        taken.consumed.update(map(_topic, records))
        if self._flood is None:
            return None
        self._flood.note(len(records), len(taken.decoded.poison) - before)
        return self._flood.flood

    def _write_on(self) -> None:
        if self._waiting.records and (self._writer is None or self._writer.done()):
            self._writer = asyncio.create_task(self._write_all(), name="write-read-models")

    async def _write_all(self) -> None:
        """One write at a time, of all that has gathered, until nothing has, or much is refused."""
        try:
            while self._waiting.records:
                taken, self._waiting = self._waiting, _Taken()
                with Processing(self._decoder.traced_for, taken.decoded.traced) as spans:
                    cut = await self._writing.write(
                        taken.decoded, self._tally, records=taken.records
                    )
                    spans.set_aside(taken.decoded.set_aside)
                    if cut is not None:
                        self._end_at(cut, taken)
                        return
                    self._tally.consumed.update(taken.consumed)
                    self._wrote_all_before(taken.reached, taken)
                self._wrote.set()
        except Interrupted:
            self._give_back()
        except Exception:  # noqa: BLE001  # a defect: seen here, read again, never skipped
            _log.exception("consumer.write_failed")
            await asyncio.sleep(DEFECT_PAUSE_SECONDS)
            self._give_back()

    def _end_at(self, cut: Cut, taken: _Taken) -> None:
        self._flooded = cut.reason
        self._tally.consumed.update(cut.consumed)
        self._wrote_all_before({**taken.reached, **cut.unwritten}, taken, flood=cut.reason)
        self._give_back()

    def _wrote_all_before(
        self, reached: dict[TopicPartition, int], taken: _Taken, *, flood: str | None = None
    ) -> None:
        self._unwritten.update(reached)
        self._on_written(Written(frozenset(taken.decoded.entries), reached, flood))

    def _give_back(self) -> None:
        self._waiting = _Taken()
        self._turns.given_back.update(self._unwritten)
        self._wrote.set()


def _slices(records: Records) -> Iterator[Records]:
    for start in range(0, len(records), SLICE_RECORDS):
        yield records[start : start + SLICE_RECORDS]


def _offsets(records: Iterable[Any]) -> Iterator[tuple[TopicPartition, int]]:
    """The last offset of each partition."""
    last = {(record.topic, record.partition): record.offset for record in records}
    for (topic, partition), offset in last.items():
        yield TopicPartition(topic, partition), offset
