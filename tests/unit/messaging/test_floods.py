import asyncio
from collections.abc import Sequence

import pytest

from kentongan.messaging.read_models.applying import (
    SLICE_RECORDS,
    Flood,
)
from kentongan.messaging.read_models.poison import FloodGuard, FloodLimits
from tests.unit.messaging.applied import PARTITION, Aside, applying
from tests.unit.messaging.drum_records import BeatsInMemory, Record, record, unencodable


async def test_a_flood_ends_early_and_says_how_far_it_came() -> None:
    beats, aside = BeatsInMemory(), Aside()
    flood = FloodGuard(FloodLimits(number=10, share=0.5))
    apply, _ = applying(beats, aside, flood=flood)
    good = [record(offset) for offset in range(SLICE_RECORDS)]
    bad = [
        Record("test.drums", 0, offset, b"drum", b"{}", [])
        for offset in range(SLICE_RECORDS, 6 * SLICE_RECORDS)
    ]

    with pytest.raises(Flood):
        await apply.take([*good, *bad])

    reached = aside.reached
    assert reached == SLICE_RECORDS * 3
    assert beats.kept == list(range(SLICE_RECORDS))
    assert aside.offsets == list(range(SLICE_RECORDS, reached))


async def consumed_to_the_end(
    read_models: Sequence[BeatsInMemory], records: Sequence[Record], limits: FloodLimits
) -> tuple[list[int], list[int]]:
    """Where a consumer was stopped, which is resumed each time; and what it has set aside."""
    stops: list[int] = []
    letters: list[int] = []
    committed = 0
    while committed < len(records):
        aside = Aside()
        first, *others = read_models
        apply, turns = applying(first, aside, *others, flood=FloodGuard(limits))
        try:
            await apply.take(records[committed:])
            await apply.settle()
        except Flood:
            # What was taken and not written is read again, and no further batch is taken.
            assert turns.given_back == {PARTITION: aside.reached}
            assert aside.written[-1].flood is not None
            with pytest.raises(Flood):
                await apply.take([])
            stops.append(aside.reached)
        assert aside.reached > committed
        assert apply.take_tally().consumed == {"test.drums": aside.reached - committed}
        committed = aside.reached
        letters += aside.offsets
    return stops, letters


@pytest.mark.parametrize("failure", [unencodable(), [RuntimeError("odd")]])
async def test_a_flood_of_refused_writes_ends_it_as_one_of_poison_does(
    failure: list[Exception],
) -> None:
    bad = range(SLICE_RECORDS, 2 * SLICE_RECORDS)
    beats = BeatsInMemory(refused=dict.fromkeys(bad, failure))
    records = [record(offset) for offset in range(3 * SLICE_RECORDS)]

    async with asyncio.timeout(60):
        limits = FloodLimits(number=150, share=0.1)
        stops, letters = await consumed_to_the_end([beats], records, limits)

    assert stops
    assert SLICE_RECORDS < stops[0] < SLICE_RECORDS + 300
    # Nothing is lost, nothing is there twice.
    assert letters == list(bad)
    assert sorted(set(beats.kept)) == sorted(set(range(len(records))) - set(bad))


async def test_a_flood_in_one_read_model_keeps_none_of_the_others_behind_it() -> None:
    bad = range(100, 400)
    refusing = BeatsInMemory("refusing", refused=dict.fromkeys(bad, unencodable()))
    before, after = BeatsInMemory("before"), BeatsInMemory("after")
    records = [record(offset) for offset in range(SLICE_RECORDS)]

    limits = FloodLimits(number=150, share=0.1)
    stops, letters = await consumed_to_the_end([before, refusing, after], records, limits)

    assert stops
    assert letters == list(bad)
    assert set(before.kept) == set(after.kept) == set(range(len(records)))
    assert set(refusing.kept) == set(range(len(records))) - set(bad)


class Moody(BeatsInMemory):
    """Takes records alone only, and each at the second attempt."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[int] = set()

    async def apply(self, entries: Sequence[int]):  # type: ignore[no-untyped-def]
        known = self.seen.issuperset(entries)
        if len(entries) == 1:
            self.seen.update(entries)
        if len(entries) > 1 or not known:
            raise RuntimeError("odd")
        return await super().apply(entries)


async def test_what_passes_at_another_attempt_is_no_flood() -> None:
    beats, aside = Moody(), Aside()
    apply, _ = applying(beats, aside, flood=FloodGuard(FloodLimits(number=10, share=0.1)))

    await apply.apply([record(offset) for offset in range(250)])

    assert aside.poison == []
    assert sorted(beats.kept) == list(range(250))
