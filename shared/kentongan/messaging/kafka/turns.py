"""The turns of a consumer loop: poll, batch, write; and what a rebalance has to wait for.

A rebalance in the middle of a batch hands its records to two consumers at once. Here it waits until
what was taken is applied and committed, and no batch of the old assignment begins while it lasts.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.errors import IllegalStateError
from aiokafka.structs import TopicPartition

from kentongan.domain.clock import epoch_nanoseconds, utc_now

_log = structlog.get_logger(__name__)

LONG_POLL_MS = 1_000
"""A poll returns with the first record; only an idle topic makes it last so long."""
REVOCATION_PATIENCE_SECONDS = 50.0
"""Below the rebalance timeout: a batch that takes longer is repeated, which is harmless."""


class Interrupted(Exception):
    """The running batch must end without a commit: a shutdown, a revocation, a flood."""


class Turns(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Knows whether a batch is running, whether partitions are on the move, and when work was done.

    The interruption belongs to a batch, not to the loop: a batch that was told to give up stays
    told, even after the rebalance is over.
    """

    settle: Callable[[], Awaitable[None]]
    """Waits until all that was taken is written (or given up) and committed; never raises."""

    def __init__(self) -> None:
        self.settle = _nothing_to_settle
        self.given_back: dict[TopicPartition, int] = {}
        """Where to read again: the first records that were taken and then given up."""
        self.between_batches = asyncio.Event()
        self.between_batches.set()
        self.rebalancing = False
        self.interrupted = asyncio.Event()
        self.assigned: frozenset[TopicPartition] = frozenset()
        self.settled = False
        """Whether the group has said who reads what, and hasn't begun to say it anew."""
        self.last_poll: float | None = None
        """When partitions were last asked for records, by the wall's clock."""
        self.last_turn = time.monotonic()
        self.polled_at = epoch_nanoseconds()
        """When the newest poll began, by the clock, for its span."""

    def turned(self) -> None:
        """Something was done: records were taken, or a write was tried again."""
        self.last_turn = time.monotonic()

    @property
    def idle_seconds(self) -> float:
        """Time since something was done."""
        return time.monotonic() - self.last_turn

    def interrupt(self) -> None:
        """Have the running batch give up at its next pause."""
        self.interrupted.set()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Hold the rebalance until what was taken is committed or given up."""
        self.rebalancing = True
        self.settled = False
        self.interrupt()
        try:
            async with asyncio.timeout(REVOCATION_PATIENCE_SECONDS):
                await self.between_batches.wait()
                await self.settle()
        except TimeoutError:
            _log.warning("consumer.revocation_not_awaited", seconds=REVOCATION_PATIENCE_SECONDS)
        self.assigned = frozenset()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Go on with the new partitions."""
        self.assigned = frozenset(assigned)
        self.settled = True
        self.given_back.clear()
        self.interrupted = asyncio.Event()
        self.rebalancing = False
        self.turned()
        _log.info("consumer.assigned", partitions=len(self.assigned))


class TurnsConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka has no types
    """A consumer that reports its turns, and polls long, so that FastStream rarely sleeps.

    FastStream sleeps after each empty poll; with short polls an idle loop sleeps half of its time,
    which every event then waits for.
    """

    def subscribe(self, *args: Any, listener: Any = None, **options: Any) -> None:
        """Subscribe, and take the listener's turns as one's own."""
        self._turns = listener
        super().subscribe(*args, listener=listener, **options)

    async def getmany(
        self, *partitions: Any, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[Any, list[Any]]:
        """Poll; in a rebalance return nothing, and leave what came too late where it was."""
        turns: Turns = self._turns
        turns.between_batches.set()
        self._read_again()
        before = self._positions()
        turns.polled_at = epoch_nanoseconds()
        try:
            records: dict[Any, list[Any]] = await super().getmany(
                *partitions, timeout_ms=max(timeout_ms, LONG_POLL_MS), max_records=max_records
            )
        except Exception:
            # One partition's bad batch loses what was drained from others, positions moved on: the
            # next commit would make that loss for good.
            self._put_back(before)
            raise
        turns.last_poll = utc_now().timestamp()
        if not records:
            return {}
        if turns.rebalancing:
            self._put_back({partition: batch[0].offset for partition, batch in records.items()})
            return {}
        if turns.given_back:
            self._put_back({partition: batch[0].offset for partition, batch in records.items()})
            self._read_again()
            return {}
        turns.between_batches.clear()
        turns.turned()
        return records

    async def stop(self) -> None:
        """See what was taken written and committed, then leave the group."""
        await self._turns.settle()
        await super().stop()

    def _read_again(self) -> None:
        given_back, self._turns.given_back = self._turns.given_back, {}
        self._put_back(given_back)

    def _positions(self) -> dict[TopicPartition, int]:
        # The public position() waits where there is none yet.
        subscription = self._subscription.subscription
        assignment = subscription.assignment if subscription is not None else None
        states = {one: assignment.state_value(one) for one in assignment.tps} if assignment else {}
        return {one: state.position for one, state in states.items() if state.has_valid_position}

    def _put_back(self, offsets: dict[TopicPartition, int]) -> None:
        for partition, offset in offsets.items():
            try:
                self.seek(partition, offset)
            except IllegalStateError:
                # No longer ours: the next owner starts at the committed offset, before these.
                continue


async def _nothing_to_settle() -> None:
    """Before a consumer is at work."""


async def pause(interrupted: asyncio.Event, seconds: float) -> None:
    """Wait, or raise Interrupted as soon as the event is set."""
    try:
        await asyncio.wait_for(interrupted.wait(), seconds)
    except TimeoutError:
        return
    raise Interrupted
