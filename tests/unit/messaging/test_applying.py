import asyncio
from collections.abc import Sequence

import pytest

from kentongan.messaging.kafka.turns import Interrupted
from kentongan.messaging.read_models.applying import (
    GATHERED_RECORDS,
    SLICE_RECORDS,
)
from kentongan.storage.errors import StorageUnavailable
from tests.unit.messaging.applied import PARTITION, Aside, Held, applying
from tests.unit.messaging.drum_records import BeatsInMemory, Record, record, unencodable


async def test_all_records_are_written_whatever_their_number() -> None:
    beats, aside = BeatsInMemory(), Aside()
    apply, _ = applying(beats, aside)
    records = [record(offset) for offset in range(3 * SLICE_RECORDS + 7)]

    await apply.apply(records)

    assert {one.read_models for one in aside.written} == {frozenset({"beats"})}
    assert aside.reached == len(records)
    assert beats.kept == list(range(len(records)))
    tally = apply.take_tally()
    assert tally.consumed == {"test.drums": len(records)}
    assert tally.applied == {"beats": len(records)}


async def test_the_write_of_one_slice_does_not_hold_up_the_decoding_of_the_next() -> None:
    beats, aside = Held(), Aside()
    apply, _ = applying(beats, aside)
    await apply.take([record(offset) for offset in range(4 * SLICE_RECORDS)])
    beats.released.set()
    await apply.settle()

    # What was decoded meanwhile went out together, so that it folds well.
    assert beats.writes == [SLICE_RECORDS, 3 * SLICE_RECORDS]
    assert beats.kept == list(range(4 * SLICE_RECORDS))


async def test_one_refused_record_harms_no_neighbour() -> None:
    beats, aside = BeatsInMemory(refused={3: unencodable(), 400: unencodable()}), Aside()
    apply, _ = applying(beats, aside)

    await apply.apply([record(offset) for offset in range(500)])

    assert aside.offsets == [3, 400]
    assert {one.reason for one in aside.poison} == {"unencodable"}
    assert sorted(set(beats.kept)) == [offset for offset in range(500) if offset not in (3, 400)]
    assert apply.take_tally().applied == {"beats": 498}


async def test_an_unexplained_refusal_is_tried_again_before_it_is_poison() -> None:
    passing = [RuntimeError("odd"), RuntimeError("odd"), RuntimeError("odd"), RuntimeError("odd")]
    beats = BeatsInMemory(refused={0: [*passing[:2], StorageUnavailable("gone"), RuntimeError()]})
    aside = Aside()
    apply, _ = applying(beats, aside)

    await apply.apply([record(0)])

    (poison,) = aside.poison
    assert (poison.reason, poison.attempts) == ("write-refused", 3)


async def test_what_is_no_event_of_ours_is_told_apart() -> None:
    beats, aside = BeatsInMemory(), Aside()
    apply, _ = applying(beats, aside)
    foreign = record(0)
    foreign.headers = [
        (name, b"kentongan.test.DrumPainted.v1" if name == "ce_type" else value)
        for name, value in foreign.headers
    ]
    no_envelope = Record("test.drums", 0, 1, b"drum", b"{}", [])

    await apply.apply(
        [foreign, no_envelope, record(2, beats="loud"), record(3, beats=-1), record(4)]
    )

    tally = apply.take_tally()
    assert tally.skipped == {"test.drums": 1}
    assert [(one.record.offset, one.reason) for one in aside.poison] == [
        (1, "header-missing"),
        (2, "schema"),
        (3, "reader-failed"),
    ]
    assert aside.poison[1].detail == "/beats: int_parsing"
    assert beats.kept == [4]


async def test_infrastructure_is_waited_for_and_never_poison() -> None:
    gone: list[Exception] = [StorageUnavailable("gone") for _ in range(3)]

    class Back(BeatsInMemory):
        async def apply(self, entries: Sequence[int]):  # type: ignore[no-untyped-def]
            if gone:
                raise gone.pop()
            return await super().apply(entries)

    beats, aside = Back(), Aside()
    apply, _ = applying(beats, aside)

    await apply.apply([record(0)])

    assert (beats.kept, aside.poison) == ([0], [])


async def test_who_is_told_of_a_write_finds_its_records_counted() -> None:
    apply, _ = applying(BeatsInMemory(), Aside())
    counted: list[int] = []
    apply._on_written = lambda _: counted.append(apply.take_tally().consumed["test.drums"])

    await apply.apply([record(offset) for offset in range(700)])

    assert sum(counted) == 700


async def test_a_revocation_ends_the_waiting() -> None:
    beats, aside = BeatsInMemory(refused={0: [StorageUnavailable("gone")]}), Aside()
    apply, turns = applying(beats, aside)
    running = asyncio.create_task(apply.apply([record(0)]))
    await beats.begun.wait()

    turns.interrupt()

    with pytest.raises(Interrupted):
        async with asyncio.timeout(1):
            await running
    assert aside.poison == []


async def test_the_next_batch_is_decoded_while_the_last_one_is_written() -> None:
    beats, aside = Held(), Aside()
    apply, _ = applying(beats, aside)

    await apply.take([record(offset) for offset in range(10)])
    await apply.take([record(offset) for offset in range(10, 30)])
    assert aside.written == []

    beats.released.set()
    await apply.settle()
    assert beats.writes == [10, 20]
    assert [one.reached[PARTITION] for one in aside.written] == [10, 30]


async def test_no_more_is_decoded_while_too_much_waits_to_be_written() -> None:
    beats, aside = Held(), Aside()
    apply, _ = applying(beats, aside)
    records = [record(offset) for offset in range(GATHERED_RECORDS + 3 * SLICE_RECORDS)]

    taking = asyncio.create_task(apply.take(records))
    await beats.begun.wait()
    done, _pending = await asyncio.wait((taking,), timeout=0.5)
    assert not done

    beats.released.set()
    await taking
    await apply.settle()
    assert beats.kept == list(range(len(records)))
    assert max(beats.writes) <= GATHERED_RECORDS


async def test_large_records_are_bounded_by_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    values = sum(len(record(offset).value or b"") for offset in range(SLICE_RECORDS))
    monkeypatch.setattr("kentongan.messaging.read_models.applying.GATHERED_BYTES", values // 2)
    beats, aside = Held(), Aside()
    apply, _ = applying(beats, aside)

    taking = asyncio.create_task(apply.take([record(n) for n in range(4 * SLICE_RECORDS)]))
    await beats.begun.wait()
    done, _pending = await asyncio.wait((taking,), timeout=0.5)
    assert not done

    beats.released.set()
    await taking
    await apply.settle()
    assert beats.kept == list(range(4 * SLICE_RECORDS))
    assert max(beats.writes) == SLICE_RECORDS


async def test_what_was_given_up_is_read_again_from_the_first_record_not_written() -> None:
    beats = BeatsInMemory()
    aside = Aside()
    apply, turns = applying(beats, aside)
    await apply.take([record(0), record(1)])
    await apply.settle()
    beats.refused[2] = [StorageUnavailable("gone")] * 100
    beats.begun.clear()
    await apply.take([record(2)])
    await beats.begun.wait()

    turns.interrupt()
    with pytest.raises(Interrupted):
        await apply.settle()

    assert turns.given_back == {PARTITION: 2}
    with pytest.raises(Interrupted):
        await apply.take([record(3)])
    assert beats.kept == [0, 1]
    assert aside.reached == 2
