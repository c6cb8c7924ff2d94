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
from kentongan.messaging.read_models.poison import FloodGuard, Poison
from kentongan.messaging.read_models.refusals import ATTEMPTS, Cut, Refusals, Suspect
from kentongan.messaging.read_models.visible import Visibility
from kentongan.storage.errors import StorageUnavailable

_log = structlog.get_logger(__name__)

JUDGED_TOGETHER = 100
"""So many share the pauses between their attempts; then one looks whether it is a flood."""
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
    visible_after: dict[str, list[float]] = field(default_factory=dict)
    """Seconds from an event's time to its acknowledged write, by topic; live events only."""


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
        flood: FloodGuard | None = None,
        visibility: Visibility | None = None,
    ) -> None:
        self._visibility = visibility
        self._read_models = {read_model.name: read_model for read_model in read_models}
        self._set_aside = set_aside
        self._turns = turns
        self._flood = flood
        self._patience = Patience(0.1, 10.0)

    async def write(self, decoded: Decoded, tally: Tally, *, records: int) -> Cut | None:
        """Write everything, and add what became of it to the tally; `records` were decoded.

        A flood of refusals ends it early. Raises Interrupted.
        """
        interrupted = self._turns.interrupted
        refusals = Refusals(decoded, records, self._flood)
        for name, entries in decoded.entries.items():
            tally.applied[name] += await self._write_entries(
                self._read_models[name], refusals.before_the_cut(entries), refusals, interrupted
            )
        if poison := refusals.poison:
            await self._retrying(lambda: self._set_aside(poison), interrupted)
            tally.poison.update(str(one.reason) for one in poison)
            decoded.note_set_aside(poison)
        cut = refusals.cut
        if self._visibility is not None and cut is None:
            refused = {id(one.record) for one in poison}
            for topic, ages in self._visibility.seconds(decoded.entries, refused).items():
                tally.visible_after.setdefault(topic, []).extend(ages)
        return cut

    async def _write_entries(
        self,
        read_model: ReadModel,
        entries: Sequence[Entry],
        refusals: Refusals,
        interrupted: asyncio.Event,
    ) -> int:
        """Write; if that fails, and not for want of infrastructure, find the records to blame.

        By halves from the front, down to single records: all others are applied, and their number
        is returned.
        """
        applied = 0
        parts, suspects = [entries] if entries else [], list[Suspect]()
        while parts or suspects:
            if suspects and (not parts or len(suspects) == JUDGED_TOGETHER):
                await self._judge(read_model, suspects, interrupted)
                applied += refusals.add(suspects)
                suspects = []
                if refusals.are_a_flood:
                    refusals.cut_at(entry for part in parts for entry in part)
                    break
                continue
            part = parts.pop()
            failure = await self._try(read_model, part, interrupted)
            if failure is None:
                applied += len(part)
            elif len(part) == 1:
                suspects.append(Suspect(part[0], failure))
            else:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]
        return applied

    async def _judge(
        self, read_model: ReadModel, suspects: Sequence[Suspect], interrupted: asyncio.Event
    ) -> None:
        """Try them again after pauses that they share: a hundred take no more time than one."""
        for attempt in range(1, ATTEMPTS):
            trying = [one for one in suspects if one.may_pass]
            if not trying:
                return
            await pause(interrupted, 0.1 * attempt)
            for one in trying:
                one.attempts += 1
                one.failure = await self._try(read_model, [one.entry], interrupted)

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
