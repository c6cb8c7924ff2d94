"""One build of a read model: a shadow beside the living one, in its place, caught up.

Each build fills a collection of its own. A slow builder, taken for dead, finds its own gone when
the next one starts over, and marks nothing as built but what it has filled itself.

The group is not touched. What it applied to the old collection while the new one was filled is read
again after the rename, up to the ends of the topics as they stand then: this covers a batch that
was applied before the rename and committed after it, and overlap is harmless. From the rename to
the end the read model counts as missing, for the marker names the old collection: no reaction runs,
and where the build is interrupted there, the next look at the markers begins another.
"""

import contextlib
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.kafka.reading import Offsets, TopicReader
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.kafka.turns import Interrupted, Turns
from kentongan.messaging.leadership import Leadership
from kentongan.messaging.read_models.applying import Applying
from kentongan.messaging.read_models.bound import ReadModel
from kentongan.messaging.read_models.loss import Loss
from kentongan.messaging.read_models.poison import FloodLimits, Poison, dead_letter
from kentongan.messaging.read_models.set_aside import SetAsideLog
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.errors import BuildLost, StorageError
from kentongan.storage.projections.build_markers import BuildMarkers

_log = structlog.get_logger(__name__)


class RebuildUnderWay(RuntimeError):
    """Another process is building this read model."""


class RebuildLost(RuntimeError):
    """This process lost the lease while it was building; another builds, or has built."""


class RebuildRefused(RuntimeError):
    """Too much is poison, or the topics have lost something; nothing was put in place."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did. Poison is set aside, as the consumer does."""

    read_model: str
    records: int
    applied: int
    poison: int
    seconds: float


class Build:
    """One build of one read model, by whoever holds its lease."""

    def __init__(
        self,
        service: str,
        read_model: ReadModel,
        *,
        database: Database,
        kafka: KafkaSettings,
        on_progress: Callable[[int, int], None],
        flood: FloodLimits | None,
        accept_loss: bool,
    ) -> None:
        self._service = service
        self._read_model = read_model
        self._markers = BuildMarkers(database)
        self._dead_letters = DeadLetters(database)
        self._kafka = kafka
        self._on_progress = on_progress
        self._flood = flood
        self._accept_loss = accept_loss
        self._set_aside_log = SetAsideLog()
        self._records = self._applied = self._poison = 0

    async def run(self, leadership: Leadership) -> RebuildReport:
        """Fill a shadow, put it in place, catch up. Raises as `Builds.build` does."""
        began = time.monotonic()
        name, shadow = self._read_model.name, self._read_model.shadow()
        _log.info("rebuild.started", read_model=name)
        try:
            await self._replace_by(shadow, leadership)
        except (BuildLost, RebuildLost, RebuildRefused) as given_up:
            with contextlib.suppress(StorageError):
                await shadow.projection.drop()
            if isinstance(given_up, BuildLost):
                raise RebuildLost(name) from None
            raise
        finally:
            self._set_aside_log.settle(ending=True)
        report = RebuildReport(
            read_model=name,
            records=self._records,
            applied=self._applied,
            poison=self._poison,
            seconds=time.monotonic() - began,
        )
        _log.info("rebuild.done", read_model=name, records=report.records)
        return report

    async def _replace_by(self, shadow: ReadModel, leadership: Leadership) -> None:
        live = self._read_model
        topics = [topic_name(self._kafka, topic) for topic in live.topics]
        client_id = f"{self._service}-rebuild"
        async with TopicReader(self._kafka, topics, client_id=client_id) as reader:
            beginnings, ends = await reader.beginnings(), await reader.ends()
            loss = Loss(live, {topic_name(self._kafka, topic) for topic in live.topics})
            self._refuse_unless_accepted(loss.of_heads(beginnings))
            identity = await shadow.projection.start_over()
            await self._apply(shadow, reader, beginnings, ends, loss)
            self._refuse_unless_accepted(loss.of_keys())
            # Counted first: whatever it holds by then lies before the ends that are asked next.
            living = await loss.living_entries(self._markers)
            arrived = sum((await reader.ends()).values()) - sum(ends.values())
            built = await shadow.projection.count()
            self._refuse_unless_accepted(
                loss.against_the_living(living, built, spared=arrived + self._poison)
            )
            if not leadership.leads:
                raise RebuildLost(live.name)
            await shadow.projection.promote(identity)
            # Nobody is refused any more: what was to be read is read.
            self._flood = None
            newest = await reader.ends()
            await self._apply(live, reader, ends, newest)
            positions = {(one.topic, one.partition): offset for one, offset in newest.items()}
            await self._markers.mark_built(
                live.collection, positions, made_of=live.made_of, identity=identity
            )

    def _refuse_unless_accepted(self, lost: str | None) -> None:
        if lost is None:
            return
        if not self._accept_loss:
            raise RebuildRefused(f"{self._read_model.name}: {lost}")
        _log.warning("rebuild.loss_accepted", read_model=self._read_model.name, lost=lost)

    async def _apply(
        self,
        read_model: ReadModel,
        reader: TopicReader,
        start: Offsets,
        end: Offsets,
        loss: Loss | None = None,
    ) -> None:
        applying = Applying(read_models=(read_model,), set_aside=self._set_aside, turns=Turns())
        to_read = self._records + sum(end[one] - start[one] for one in end)
        async for records in reader.read(start, end):
            if loss is not None:
                loss.note(records)
            while True:
                try:
                    await applying.apply(records)
                    break
                except Interrupted:
                    # The database has been away for long; nobody else could read the batch.
                    applying.take_tally()
            tally = applying.take_tally()
            self._records += len(records)
            self._applied += tally.applied[read_model.name]
            self._poison += tally.poison.total()
            metrics.REBUILD_RECORDS.labels(self._service, self._read_model.name).inc(len(records))
            self._on_progress(self._records, to_read)
            # Against all that there is to read: an early cluster of poison is no flood.
            if self._flood and self._flood.exceeded(records=to_read, poison=self._poison):
                raise RebuildRefused(
                    f"{self._read_model.name}: {self._poison} of {to_read} records are poison"
                )

    async def _set_aside(self, poison: Sequence[Poison]) -> None:
        """Keep what the consumer hasn't set aside already, and count that only."""
        group = group_id(self._kafka, self._service)
        by_reason: dict[str, list[Poison]] = defaultdict(list)
        for one in poison:
            by_reason[str(one.reason)].append(one)
        for reason, alike in by_reason.items():
            new = await self._dead_letters.add_many([dead_letter(group, one) for one in alike])
            if new:
                self._set_aside_log.note(alike)
            metrics.DEAD_LETTERS.labels(self._service, reason).inc(new)
