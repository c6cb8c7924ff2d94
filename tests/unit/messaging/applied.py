"""Applying at work on read models in memory, and what it sets aside and has made safe."""

import asyncio
from collections.abc import Sequence

from aiokafka.structs import TopicPartition

from kentongan.messaging.kafka.turns import Turns
from kentongan.messaging.read_models.applying import (
    Applying,
    Written,
)
from kentongan.messaging.read_models.poison import FloodGuard, Poison
from tests.unit.messaging.drum_records import BeatsInMemory

PARTITION = TopicPartition("test.drums", 0)


class Aside:
    def __init__(self) -> None:
        self.poison: list[Poison] = []
        self.written: list[Written] = []

    async def __call__(self, poison: Sequence[Poison]) -> None:
        self.poison.extend(poison)

    @property
    def offsets(self) -> list[int]:
        return sorted(one.record.offset for one in self.poison)

    @property
    def reached(self) -> int:
        return self.written[-1].reached[PARTITION]


class Held(BeatsInMemory):
    """Writes nothing until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = asyncio.Event()

    async def apply(self, entries: Sequence[int]):  # type: ignore[no-untyped-def]
        self.begun.set()
        await self.released.wait()
        return await super().apply(entries)


def applying(
    first: BeatsInMemory, aside: Aside, *others: BeatsInMemory, flood: FloodGuard | None = None
) -> tuple[Applying, Turns]:
    turns = Turns()
    apply = Applying(
        read_models=(first, *others),
        set_aside=aside,
        turns=turns,
        flood=flood,
        on_written=aside.written.append,
    )
    return apply, turns
