"""Applying a batch: one slice is decoded while what came before is written.

There is one write at a time. What is decoded meanwhile gathers into the next, larger one, which
folds well: the writes are what limits a directory.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import structlog
from aiokafka.structs import TopicPartition

from kentongan.messaging.kafka.turns import Interrupted, Turns, pause
from kentongan.messaging.patience import Patience
from kentongan.messaging.read_models.bound import ReadModel
from kentongan.messaging.read_models.decoding import Decoded, Decoder, Entry
from kentongan.messaging.read_models.poison import FloodGuard, Poison
from kentongan.storage.errors import StorageUnavailable, UnencodableDocument

_log = structlog.get_logger(__name__)

SLICE_RECORDS = 500
"""Decoded in a few milliseconds: heartbeats share the event loop."""
ATTEMPTS = 3
"""How often one record is tried alone before it is poison; a document that BSON refuses, once."""
LONGEST_RETRY_SECONDS = 60.0
"""Then the batch is given back and read again, so that the group doesn't take us for dead."""
Records: TypeAlias = Sequence[Any]


class Flood(Exception):
    """Too much poison. All records before the offsets in `reached` are applied or set aside."""

    def __init__(self, reason: str, reached: dict[TopicPartition, int]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reached = reached


@dataclass(slots=True)
class Tally:
    """What became of records: none is dropped."""

    consumed: Counter[str] = field(default_factory=Counter)
    """By topic."""
    skipped: Counter[str] = field(default_factory=Counter)
    """By topic."""
    applied: Counter[str] = field(default_factory=Counter)
    """By read model."""
    poison: Counter[str] = field(default_factory=Counter)
    """By reason."""


class Applying:
    """Applies batches of records to read models; safe to repeat at any point.

    `set_aside` keeps poison; it may raise StorageUnavailable, and is then called again.
    """

    def __init__(
        self,
        *,
        read_models: Sequence[ReadModel],
        set_aside: Callable[[Sequence[Poison]], Awaitable[None]],
        turns: Turns,
        flood: FloodGuard | None = None,
    ) -> None:
        self._read_models = {read_model.name: read_model for read_model in read_models}
        self._decoder = Decoder(read_models)
        self._set_aside = set_aside
        self._flood = flood
        self._turns = turns
        self._patience = Patience(0.1, 10.0)
        self._tally = Tally()

    def take_tally(self) -> Tally:
        """What became of the records since the last time it was asked."""
        tally, self._tally = self._tally, Tally()
        tally.skipped = self._decoder.take_skipped()
        return tally

    async def apply(self, records: Records) -> frozenset[str]:
        """Apply a batch; returns the names of the read models that were written.

        Raises Interrupted (read the batch again), or Flood.
        """
        interrupted = self._turns.interrupted
        waiting, touched = Decoded(), set[str]()
        writing: asyncio.Task[None] | None = None
        flood: str | None = None
        reached = 0
        try:
            for one_slice in _slices(records):
                before = len(waiting.poison)
                self._decoder.decode(one_slice, waiting)
                reached += len(one_slice)
                touched.update(waiting.entries)
                if self._flood is not None:
                    self._flood.note(len(one_slice), len(waiting.poison) - before)
                    flood = self._flood.flood
                if flood:
                    break
                # Lets a finished write be seen, a heartbeat pass and the next write begin.
                await asyncio.sleep(0)
                if not waiting.empty and (writing is None or writing.done()):
                    if writing is not None:
                        await writing
                    writing = asyncio.create_task(self._write(waiting, interrupted))
                    waiting = Decoded()
                    await asyncio.sleep(0)
            if writing is not None:
                await writing
            await self._write(waiting, interrupted)
        finally:
            if writing is not None and not writing.done():
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)
        self._tally.consumed.update(record.topic for record in records[:reached])
        if flood:
            raise Flood(flood, _next_offsets(records[:reached]))
        return frozenset(touched)

    async def _write(self, decoded: Decoded, interrupted: asyncio.Event) -> None:
        poison = list(decoded.poison)
        for name, entries in decoded.entries.items():
            read_model = self._read_models[name]
            refused = await self._write_entries(read_model, entries, interrupted)
            poison.extend(refused)
            self._tally.applied[name] += len(entries) - len(refused)
        if poison:
            await self._retrying(lambda: self._set_aside(poison), interrupted)
            self._tally.poison.update(one.reason for one in poison)

    async def _write_entries(
        self, read_model: ReadModel, entries: Sequence[Entry], interrupted: asyncio.Event
    ) -> list[Poison]:
        """Write; if that fails, and not for want of infrastructure, find the records to blame.

        By halves, down to single records: the others of the slice are applied.
        """
        failure = await self._try(read_model, entries, interrupted)
        if failure is None:
            return []
        if len(entries) == 1:
            return await self._judge(read_model, entries[0], failure, interrupted)
        middle = len(entries) // 2
        return [
            *await self._write_entries(read_model, entries[:middle], interrupted),
            *await self._write_entries(read_model, entries[middle:], interrupted),
        ]

    async def _judge(
        self,
        read_model: ReadModel,
        entry: Entry,
        failure: Exception,
        interrupted: asyncio.Event,
    ) -> list[Poison]:
        attempts = 1
        while attempts < ATTEMPTS and not _is_final(failure):
            await pause(interrupted, 0.1 * attempts)
            attempts += 1
            another = await self._try(read_model, [entry], interrupted)
            if another is None:
                return []
            failure = another
        reason = "unencodable" if _is_final(failure) else "write-refused"
        # The type only: a driver's message may quote the document.
        return [Poison(entry.record, reason, type(failure).__name__, attempts)]

    async def _try(
        self, read_model: ReadModel, entries: Sequence[Entry], interrupted: asyncio.Event
    ) -> Exception | None:
        contents = [entry.entry for entry in entries]
        try:
            await self._retrying(lambda: read_model.apply(contents), interrupted)
        except Interrupted:
            raise
        except Exception as failure:  # noqa: BLE001  # the record is judged by what it raised
            return failure
        return None

    async def _retrying(
        self, write: Callable[[], Awaitable[object]], interrupted: asyncio.Event
    ) -> None:
        waited = 0.0
        while True:
            try:
                await write()
            except StorageUnavailable as error:
                if waited > LONGEST_RETRY_SECONDS:
                    raise Interrupted from error
                seconds = self._patience.failed()
                _log.warning(
                    "consumer.waits_for_storage", error=str(error), seconds=round(seconds, 1)
                )
                await pause(interrupted, seconds)
                waited += seconds
                self._turns.turned()
            else:
                self._patience.succeeded()
                self._turns.turned()
                return


def _slices(records: Records) -> Iterator[Records]:
    for start in range(0, len(records), SLICE_RECORDS):
        yield records[start : start + SLICE_RECORDS]


def _next_offsets(records: Records) -> dict[TopicPartition, int]:
    return {TopicPartition(record.topic, record.partition): record.offset + 1 for record in records}


def _is_final(failure: Exception) -> bool:
    return isinstance(failure, UnencodableDocument)
