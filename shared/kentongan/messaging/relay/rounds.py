"""A round of the relay: find, send in order, gather the acknowledgements, clear what was taken.

Rounds overlap: while one is acknowledged and cleared, the next is found and sent. An aggregate is
in one round at a time, so its order holds; one that fails backs off by itself and starves no other,
and neither does a partition that takes nothing.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from kentongan.messaging.patience import Patience
from kentongan.messaging.relay.back_off import BackOffs, Identity, identity_of
from kentongan.messaging.relay.publishing import Publisher, Sent, settle
from kentongan.observability import metrics
from kentongan.observability.tracing.records import note_round
from kentongan.storage.errors import StorageUnavailable
from kentongan.storage.outbox import Outbox, PendingAggregate, Published

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RoundLimits:
    """Sizes in aggregates, and how patient a round is, in seconds."""

    size: int = 400
    in_flight: int = 2_000
    overdue: int = 20_000
    """Sent, and not acknowledged in time: they hold memory, but up to this nobody else."""
    acknowledgement_seconds: float = 10.0
    """Then a round holds up the next no more; its aggregates stay out until their fate is known."""
    retried_alone: int = 20
    """So many that failed before are retried together, one by one: they harm no neighbour."""
    retry_holds_up_seconds: float = 1.0
    """Longer a round doesn't wait for those."""
    longest_back_off_seconds: float = 60.0
    close_seconds: float = 5.0


class Rounds:
    """The rounds of one relay. `wake` is called when a round ends: more may have come meanwhile."""

    def __init__(
        self,
        service: str,
        outbox: Outbox,
        publisher: Publisher,
        limits: RoundLimits,
        wake: Callable[[], None],
    ) -> None:
        self._service = service
        self._outbox = outbox
        self._publisher = publisher
        self._limits = limits
        self._wake = wake
        self._in_flight: dict[Identity, Sent | None] = {}
        self._overdue: dict[Identity, Sent] = {}
        self._looked_past = False
        """Whether a round was found while others were under way, whose aggregates it left out."""
        self._back_offs = BackOffs(limits.longest_back_off_seconds)
        self._settling: set[asyncio.Task[None]] = set()
        self._late: set[asyncio.Task[None]] = set()
        self._retrying: set[asyncio.Task[None]] = set()

    async def begin(self) -> bool:
        """Find and send a round; True if it was full, so that another should follow at once."""
        began = time.monotonic()
        while self._is_full():
            await asyncio.wait(self._tasks(), return_when=asyncio.FIRST_COMPLETED)
        resting = self._back_offs.resting(began)
        self._looked_past = self._looked_past or bool(self._in_flight or self._overdue)
        excluding = [*self._in_flight, *self._overdue, *resting]
        pending = await self._outbox.pending(self._limits.size, excluding=excluding)
        suspects = [one for one in pending if self._back_offs.is_suspect(one)]
        sent = await self._send([one for one in pending if not self._back_offs.is_suspect(one)])
        if sent:
            self._in_background(self._finish(sent, began), self._settling)
        await self._begin_to_retry(suspects)
        return len(pending) >= self._limits.size

    def is_taken(self, identity: Identity) -> bool:
        """Whether the aggregate is in a round under way."""
        return identity in self._in_flight or identity in self._overdue

    async def finish(self, seconds: float) -> None:
        """Wait for the rounds under way, within a bound; what is left is published again."""
        tasks = self._tasks()
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _tasks(self) -> set[asyncio.Task[None]]:
        return self._settling | self._late | self._retrying

    def _is_full(self) -> bool:
        return bool(self._tasks()) and (
            len(self._settling) > 1
            or len(self._in_flight) >= self._limits.in_flight
            or len(self._overdue) >= self._limits.overdue
        )

    async def _begin_to_retry(self, suspects: Sequence[PendingAggregate]) -> None:
        chosen = [] if self._retrying else suspects[: self._limits.retried_alone]
        for other in suspects[len(chosen) :]:
            self._back_offs.postpone(other, 1.0)
        if chosen:
            for suspect in chosen:
                self._in_flight[identity_of(suspect)] = None
            self._in_background(self._retry(chosen), self._retrying)
            await asyncio.wait(self._retrying, timeout=self._limits.retry_holds_up_seconds)

    async def _retry(self, suspects: Sequence[PendingAggregate]) -> None:
        """One after the other, all within the time for one acknowledgement."""
        deadline = time.monotonic() + self._limits.acknowledgement_seconds
        waiting = list(suspects)
        try:
            while waiting and (began := time.monotonic()) < deadline:
                sent = await self._send([waiting.pop(0)])
                await self._finish(sent, began, seconds=max(1.0, deadline - began))
        except (KafkaError, OSError) as error:
            _log.warning("relay.retry_waits", error=repr(error))
        finally:
            for suspect in waiting:
                self._in_flight.pop(identity_of(suspect), None)
            self._wake()

    async def _send(self, aggregates: Sequence[PendingAggregate]) -> list[Sent]:
        sent: list[Sent] = []
        for aggregate in aggregates:
            self._in_flight[identity_of(aggregate)] = None
        try:
            for aggregate in aggregates:
                one = await self._publisher.send(aggregate)
                self._in_flight[identity_of(aggregate)] = one
                sent.append(one)
        except Exception:
            # What is on its way has to be followed to its end; the error comes back next round.
            if not sent:
                raise
        finally:
            for aggregate in aggregates[len(sent) :]:
                self._in_flight.pop(identity_of(aggregate), None)
        return sent

    async def _finish(
        self, sent: Sequence[Sent], began: float, seconds: float | None = None
    ) -> None:
        await settle(sent, seconds=seconds or self._limits.acknowledgement_seconds)
        late: dict[TopicPartition, list[Sent]] = defaultdict(list)
        for one in sent:
            if not one.done:
                late[one.place].append(one)
                identity = identity_of(one.aggregate)
                self._overdue[identity] = one
                self._in_flight.pop(identity, None)
        for place, group in late.items():
            self._publisher.stuck.overdue(place)
            self._in_background(self._finish_late(place, group), self._late)
        await self._clear([one for one in sent if identity_of(one.aggregate) not in self._overdue])
        metrics.RELAY_ROUND.labels(self._service).observe(time.monotonic() - began)
        note_round((each.traceparent for one in sent for each in one.aggregate.events), began=began)
        self._look_again()

    async def _finish_late(self, place: TopicPartition, late: Sequence[Sent]) -> None:
        try:
            for one in late:
                await settle([one], seconds=float("inf"))
                await self._clear([one])
        finally:
            self._publisher.stuck.settled(place)
        self._look_again()

    def _look_again(self) -> None:
        """What was left out may have recorded more meanwhile; without that there is no need."""
        if self._looked_past:
            self._looked_past = False
            self._wake()

    async def _clear(self, sent: Sequence[Sent]) -> None:
        try:
            published: list[Published] = []
            counts: Counter[str] = Counter()
            for one in sent:
                events = one.aggregate.events[: one.acknowledged()]
                if events:
                    ids = tuple(event.event_id for event in events)
                    published.append(Published(one.aggregate.collection, one.aggregate.id, ids))
                    counts.update(event.type for event in events)
            await self._clear_for_sure(published)
            for type_name, count in counts.items():
                topic = self._publisher.topic_of(type_name)
                metrics.PUBLISHED.labels(self._service, topic).inc(count)
        finally:
            for one in sent:
                self._in_flight.pop(identity_of(one.aggregate), None)
                self._overdue.pop(identity_of(one.aggregate), None)
        await self._judge(sent)

    async def _clear_for_sure(self, published: Sequence[Published]) -> None:
        patience = Patience(0.1, 5.0)
        while published:
            try:
                await self._outbox.clear_many(published)
            except StorageUnavailable as error:
                _log.warning("relay.clearing_waits", error=str(error))
                await asyncio.sleep(patience.failed())
            else:
                return

    async def _judge(self, sent: Sequence[Sent]) -> None:
        broken: Sent | None = None
        for one in sent:
            if one.failure is None:
                self._back_offs.succeeded(one.aggregate)
                continue
            self._back_offs.failed(one.aggregate, one.failure)
            if self._publisher.is_broken_by(one.failure, refused=one.refused):
                broken = one
        if broken is None:
            return
        await self._publisher.renew(broken.producer, seconds=self._limits.close_seconds)
        for other in [*self._in_flight.values(), *self._overdue.values()]:
            if other is not None and other.producer is broken.producer:
                other.give_up()

    def _in_background(
        self, work: Coroutine[Any, Any, None], tasks: set[asyncio.Task[None]]
    ) -> None:
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(lambda done: _ended(done, tasks))


def _ended(task: "asyncio.Task[None]", tasks: "set[asyncio.Task[None]]") -> None:
    tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("relay.round_failed", exc_info=error)
