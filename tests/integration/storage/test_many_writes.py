"""Writes beside the single one: created in a transaction, many at once, a version advanced."""

import asyncio

import pytest

from kentongan.domain import Decision
from kentongan.storage.aggregates.store import AggregateStore, Stored
from kentongan.storage.driver import Client, Database, transaction
from kentongan.storage.errors import AggregateExists, DuplicateValue, VersionConflict
from kentongan.storage.restored import VersionFloors
from tests.integration.storage.drums import (
    Drum,
    carve,
    command,
    drum_store,
    raw,
    receipt,
    strike,
)


@pytest.fixture
async def villages(database: Database) -> AggregateStore[Drum]:
    store = drum_store(database, "villages")
    await store.create("v1", carve("v1"), command(), receipt)
    return store


async def test_a_creation_inside_a_transaction_is_as_any_other(
    client: Client, database: Database, drums: AggregateStore[Drum], villages: AggregateStore[Drum]
) -> None:
    village = await villages.load("v1")
    creating = command("drum.carve", key="k1")
    async with transaction(client) as session:
        await villages.advance(village, session)
        outcome = await drums.insert("d1", carve("d1"), creating, receipt, session)

    assert (outcome.status, outcome.version) == (201, 1)
    assert (await villages.load("v1")) == Stored("v1", 2, village.state)
    document = await raw(database, "d1")
    assert [entry["sequence"] for entry in document["outbox"]] == [1]
    assert "pending_since" in document
    replayed = await drums.create("d1", carve("d1"), creating, receipt)
    assert (replayed.answer, replayed.replayed) == (outcome.answer, True)


async def test_an_id_or_a_value_that_is_taken_undoes_the_transaction(
    client: Client, drums: AggregateStore[Drum], villages: AggregateStore[Drum]
) -> None:
    await drums.create("d1", carve("d1", village="gerendeng"), command(), receipt)
    village = await villages.load("v1")
    cases: tuple[tuple[str, type[Exception]], ...] = (
        ("d1", AggregateExists),
        ("d2", DuplicateValue),
    )
    for drum_id, refusal in cases:
        taken = carve(drum_id, village="gerendeng" if drum_id == "d2" else None)
        with pytest.raises(refusal):
            async with transaction(client) as session:
                await villages.advance(village, session)
                await drums.insert(drum_id, taken, command(), receipt, session)
    assert (await villages.load("v1")).version == 1
    assert await drums.count({}) == 1


async def test_one_that_was_written_before_begins_above_its_last_version(
    client: Client, database: Database, drums: AggregateStore[Drum]
) -> None:
    await VersionFloors(database).raise_to({"d1": 7})
    async with transaction(client) as session:
        outcome = await drums.insert("d1", carve("d1"), command(), receipt, session)
    assert outcome.version == 8


async def test_what_rests_on_an_older_version_is_decided_anew(
    client: Client, database: Database, villages: AggregateStore[Drum]
) -> None:
    village = await villages.load("v1")
    seen: list[int] = []
    advanced = asyncio.Event()

    async def decide(drum: Drum) -> Decision[Drum]:
        seen.append(drum.beats)
        if len(seen) == 1:
            async with transaction(client) as session:
                await villages.advance(village, session)
            advanced.set()
        return strike("v1")(drum)

    outcome = await villages.change("v1", decide, command(), receipt)

    assert (outcome.version, len(seen)) == (3, 2)
    assert len((await raw(database, "v1", "villages"))["decisions"]) == 2
    with pytest.raises(VersionConflict):
        async with transaction(client) as session:
            await villages.advance(village, session)


async def test_of_those_that_advance_at_once_one_wins(
    client: Client, villages: AggregateStore[Drum]
) -> None:
    village = await villages.load("v1")

    async def advance() -> None:
        async with transaction(client) as session:
            await villages.advance(village, session)

    ended = await asyncio.gather(*(advance() for _ in range(4)), return_exceptions=True)
    assert [one for one in ended if one is None] == [None]
    assert [isinstance(one, VersionConflict) for one in ended].count(True) == 3
    assert (await villages.load("v1")).version == 2


async def test_many_writes_land_each_for_itself(
    database: Database, drums: AggregateStore[Drum]
) -> None:
    for number in range(30):
        await drums.create(f"d{number:02}", carve(f"d{number:02}"), command(), receipt)
    woken: list[bool] = []
    drums.on_recorded = lambda: woken.append(True)
    found = await drums.find({}, limit=0)
    await drums.change("d07", strike("d07"), command(), receipt)
    woken.clear()

    landed = await drums.change_all(
        [(drum, strike(drum.id)(drum.state)) for drum in found], command("drum.strike", key="k")
    )

    assert (landed, woken) == (29, [True])
    assert await drums.count({"version": 2, "state.beats": 1}) == 30
    document = await raw(database, "d03")
    assert [entry["sequence"] for entry in document["outbox"]] == [1, 2]
    assert len(document["decisions"]) == 2
    assert document["keys"] == []
    assert await drums.change_all([], command()) == 0
