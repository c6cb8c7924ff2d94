"""A partition that takes nothing holds up its own aggregates, and no others."""

import asyncio
import time

from kentongan.messaging.relay.rounds import RoundLimits, Rounds
from tests.unit.messaging.partitions import (
    Partitions,
    aggregate,
    in_partition,
    outboxes,
    publisher_to,
    until,
)

LIMITS = RoundLimits(
    size=8, in_flight=16, acknowledgement_seconds=0.05, longest_back_off_seconds=0.2
)


class Relaying:
    """Rounds that follow one another, as the relay has them."""

    def __init__(self, partitions: Partitions, keys: list[str]) -> None:
        self.outbox = outboxes(*map(aggregate, keys))
        publisher = publisher_to(partitions)
        self._rounds = Rounds("test", self.outbox, publisher, LIMITS, lambda: None)

    async def __aenter__(self) -> "Relaying":
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._rounds.finish(0.1)

    async def _run(self) -> None:
        while True:
            await self._rounds.begin()
            await asyncio.sleep(0.01)

    def left(self) -> set[str]:
        return set(self.outbox.left)  # type: ignore[attr-defined]


async def test_more_than_may_be_in_flight_for_one_partition_leaves_the_others_alone() -> None:
    stuck, moving = in_partition(0, 40), in_partition(1, 40) + in_partition(2, 40)
    partitions = Partitions(silent=[0])

    async with Relaying(partitions, stuck + moving) as relaying:
        await until(lambda: relaying.left() == set(stuck))

        partitions.silent.clear()
        for acknowledgement in partitions.waiting:
            acknowledgement.set_result("at last")
        await until(lambda: not relaying.left())


async def test_a_full_partition_costs_the_others_one_wait_and_not_one_an_aggregate() -> None:
    stuck, moving = in_partition(0, 40), in_partition(1, 40)
    began = time.monotonic()

    async with Relaying(Partitions(silent=[0], room=0), stuck + moving) as relaying:
        await until(lambda: relaying.left() == set(stuck))

    assert time.monotonic() - began < 4


async def test_suspects_are_retried_within_one_bound() -> None:
    suspects, moving = in_partition(0, 8), in_partition(1, 8)
    partitions = Partitions(silent=[0])
    async with Relaying(partitions, suspects) as relaying:
        await until(lambda: bool(partitions.waiting))
        while partitions.waiting:
            partitions.waiting.pop().set_exception(OSError("refused"))
        for key in moving:
            relaying.outbox.left[key] = aggregate(key)  # type: ignore[attr-defined]
        await until(lambda: relaying.left() == set(suspects))
