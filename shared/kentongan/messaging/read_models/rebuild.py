"""Building a read model from the topics: beside the living one, then in its place, then caught up.

Each build fills a collection of its own. A slow builder, taken for dead, finds its own gone when
the next one starts over, and marks nothing as built but what it has filled itself.

The group is not touched. What it applied to the old collection while the new one was filled is read
again after the rename, up to the ends of the topics as they stand then: this covers a batch that
was applied before the rename and committed after it, and overlap is harmless. From the rename to
the end the read model counts as missing, for the marker names the old collection: no reaction runs,
and where the build is interrupted there, the next look at the markers begins another.
"""

import asyncio
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
from kentongan.messaging.leadership import Leadership, process_name
from kentongan.messaging.read_models.applying import Applying
from kentongan.messaging.read_models.bound import ReadModel, bind, find
from kentongan.messaging.read_models.built import Built
from kentongan.messaging.read_models.poison import FloodLimits, Poison, dead_letter
from kentongan.messaging.read_models.set_aside import SetAsideLog
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.errors import BuildLost, StorageError
from kentongan.storage.lease import Lease
from kentongan.storage.projections.build_markers import BuildMarkers

_log = structlog.get_logger(__name__)
_LOOK_AGAIN_SECONDS = 1.0


class RebuildUnderWay(RuntimeError):
    """Another process is building this read model."""


class RebuildLost(RuntimeError):
    """This process lost the lease while it was building; another builds, or has built."""


class RebuildRefused(RuntimeError):
    """Too much is poison: the topics or the reader are broken; nothing was put in place."""


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild did. Poison is set aside, as the consumer does."""

    read_model: str
    records: int
    applied: int
    poison: int
    seconds: float


class Builds:
    """Builds the read models of one service, one process at a time for each."""

    def __init__(
        self,
        service: str,
        read_models: Sequence[ReadModel],
        database: Database,
        kafka: KafkaSettings,
        flood: FloodLimits | None = None,
    ) -> None:
        self._service = service
        self._database = database
        self._kafka = kafka
        self._flood = flood or FloodLimits()
        self.built = Built(read_models, database)

    async def build_missing(self) -> None:
        """Build each read model that is not built; where another process does, wait for it."""
        while missing := await self.built.missing():
            try:
                await self.build(missing[0])
            except (RebuildUnderWay, RebuildLost):
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def build(
        self,
        read_model: ReadModel,
        on_progress: Callable[[int, int], None] = lambda _, __: None,
        *,
        accept_poison: bool = False,
    ) -> RebuildReport:
        """Build one, whether or not it is there; told records read and to be read as it goes.

        Raises RebuildUnderWay, RebuildLost, StorageUnavailable, KafkaError, and RebuildRefused
        unless poison is accepted; before the rename the living one is untouched.
        """
        lease = Lease(self._database, f"rebuild:{read_model.name}", process_name())
        leadership = Leadership(lease, "rebuild")
        if not await leadership.lead():
            raise RebuildUnderWay(read_model.name)
        try:
            build = _Build(
                self._service,
                read_model,
                database=self._database,
                kafka=self._kafka,
                on_progress=on_progress,
                flood=None if accept_poison else self._flood,
            )
            return await build.run(leadership)
        finally:
            await leadership.resign()


class _Build:
    def __init__(
        self,
        service: str,
        read_model: ReadModel,
        *,
        database: Database,
        kafka: KafkaSettings,
        on_progress: Callable[[int, int], None],
        flood: FloodLimits | None,
    ) -> None:
        self._service = service
        self._read_model = read_model
        self._markers = BuildMarkers(database)
        self._dead_letters = DeadLetters(database)
        self._kafka = kafka
        self._on_progress = on_progress
        self._flood = flood
        self._set_aside_log = SetAsideLog()
        self._records = self._applied = self._poison = 0

    async def run(self, leadership: Leadership) -> RebuildReport:
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
            identity = await shadow.projection.start_over()
            ends = await reader.ends()
            await self._apply(shadow, reader, await reader.beginnings(), ends)
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

    async def _apply(
        self, read_model: ReadModel, reader: TopicReader, start: Offsets, end: Offsets
    ) -> None:
        applying = Applying(read_models=(read_model,), set_aside=self._set_aside, turns=Turns())
        to_read = self._records + sum(end[one] - start[one] for one in end)
        async for records in reader.read(start, end):
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


async def rebuild(
    service: str,
    read_model: str,
    *,
    subscriptions: Subscriptions,
    database: Database,
    kafka: KafkaSettings,
    on_progress: Callable[[int, int], None] = lambda _, __: None,
    accept_poison: bool = False,
) -> RebuildReport:
    """`kentongan rebuild`: build one read model of a service, which may be running.

    Raises UnknownReadModel, and what Builds.build raises.
    """
    read_models = bind(subscriptions, database)
    builds = Builds(service, read_models, database, kafka)
    return await builds.build(
        find(read_models, read_model), on_progress, accept_poison=accept_poison
    )
