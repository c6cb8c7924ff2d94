"""Writing what was decoded: retried while the database is away, and the records to blame found."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from kentongan.messaging.kafka.turns import Interrupted, Turns, pause
from kentongan.messaging.patience import Patience
from kentongan.messaging.read_models.bound import ReadModel
from kentongan.messaging.read_models.decoding import Decoded, Entry
from kentongan.messaging.read_models.poison import Poison
from kentongan.storage.errors import StorageUnavailable, UnencodableDocument

_log = structlog.get_logger(__name__)

ATTEMPTS = 3
"""How often one record is tried alone before it is poison; a document that BSON refuses, once."""
LONGEST_RETRY_SECONDS = 60.0
"""Then the batch is given back and read again, so that the group doesn't take us for dead."""


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


class Writing:
    """Writes to read models, and sets aside what can't be written; safe to repeat at any point.

    `set_aside` keeps poison; it may raise StorageUnavailable, and is then called again.
    """

    def __init__(
        self,
        *,
        read_models: Sequence[ReadModel],
        set_aside: Callable[[Sequence[Poison]], Awaitable[None]],
        turns: Turns,
    ) -> None:
        self._read_models = {read_model.name: read_model for read_model in read_models}
        self._set_aside = set_aside
        self._turns = turns
        self._patience = Patience(0.1, 10.0)

    async def write(self, decoded: Decoded, tally: Tally) -> None:
        """Write everything, and add what became of it to the tally. Raises Interrupted."""
        interrupted = self._turns.interrupted
        poison = list(decoded.poison)
        for name, entries in decoded.entries.items():
            read_model = self._read_models[name]
            refused = await self._write_entries(read_model, entries, interrupted)
            poison.extend(refused)
            tally.applied[name] += len(entries) - len(refused)
        if poison:
            await self._retrying(lambda: self._set_aside(poison), interrupted)
            tally.poison.update(one.reason for one in poison)

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


def _is_final(failure: Exception) -> bool:
    return isinstance(failure, UnencodableDocument)
