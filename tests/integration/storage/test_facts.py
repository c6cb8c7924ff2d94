"""Facts in number: natural ids, guarded updates by the thousand, and no outbox."""

import asyncio
from typing import Any

import pytest

from kentongan.storage import plan
from kentongan.storage.driver import Database, connect, open_database
from kentongan.storage.errors import StorageUnavailable, UnencodableDocument
from kentongan.storage.facts import FactStore
from kentongan.storage.indexes import Index

SEAT = Index(keys=(("seat", 1),), name="seat", unique=True, partial={"seat": {"$gt": 0}})


@pytest.fixture
async def beats(database: Database) -> FactStore:
    store = FactStore(database, "beats", indexes=(SEAT,))
    await plan.apply(database, [store.layout])
    return store


def beat(number: int, **fields: Any) -> dict[str, Any]:
    return {"_id": f"b{number:04}", "number": number, **fields}


async def test_what_is_there_is_neither_made_twice_nor_changed(beats: FactStore) -> None:
    assert await beats.insert_new([beat(number) for number in range(3)]) == 3
    again = [beat(number, late=True) for number in range(5)]
    assert await beats.insert_new(again) == 2

    assert await beats.count({}) == 5
    assert [each["_id"] for each in await beats.find({"late": True}, limit=0)] == ["b0003", "b0004"]
    assert await beats.insert_new([]) == 0


async def test_many_who_insert_the_same_at_once_make_it_once(beats: FactStore) -> None:
    made = await asyncio.gather(
        *(beats.insert_new([beat(number) for number in range(200)]) for _ in range(6))
    )
    assert sum(made) == await beats.count({}) == 200


async def test_a_value_that_is_taken_is_no_repeat_and_hides_nothing(beats: FactStore) -> None:
    """Only the same `_id` is "already there": an index's rule that is broken must be heard."""
    await beats.insert_new([beat(1, seat=7)])
    with pytest.raises(Exception, match=r"E11000.* index: seat"):
        await beats.insert_new([beat(2, seat=7), beat(3)])
    assert await beats.get("b0002") is None


async def test_facts_are_found_in_order_by_limit_and_by_fields(beats: FactStore) -> None:
    await beats.insert_new([beat(number, loud=number % 2 == 0) for number in (3, 1, 4, 2)])

    assert [each["number"] for each in await beats.find({}, limit=3)] == [1, 2, 3]
    loudest = await beats.find({"loud": True}, sort=(("number", -1),), limit=0, fields=("number",))
    assert loudest == [{"_id": "b0004", "number": 4}, {"_id": "b0002", "number": 2}]
    assert await beats.find({"loud": True}, limit=1, fields=()) == [{"_id": "b0002"}]
    assert await beats.get("b0003") == beat(3, loud=False)
    assert await beats.get("nowhere") is None


async def test_an_update_changes_those_that_its_guard_lets_through(beats: FactStore) -> None:
    await beats.insert_new([beat(number, claim=None) for number in range(100)])

    async def claim(name: str) -> int:
        return await beats.update({"claim": None}, {"$set": {"claim": name}})

    taken = dict(zip("abc", await asyncio.gather(*map(claim, "abc")), strict=True))
    # However they met, each fact is somebody's, and nobody lost one that it was told to have.
    assert sum(taken.values()) == 100
    for name, number in taken.items():
        assert await beats.count({"claim": name}) == number
    doubled = await beats.update({"number": {"$lt": 2}}, [{"$set": {"twice": {"$add": [1, 1]}}}])
    assert doubled == await beats.count({"twice": 2}) == 2


async def test_each_update_of_a_bulk_has_a_guard_of_its_own(beats: FactStore) -> None:
    await beats.insert_new([beat(number, claim="a" if number < 3 else "b") for number in range(5)])
    ended = {"$set": {"ended": True}}
    ours = [({"_id": f"b{number:04}", "claim": "a"}, ended) for number in range(5)]

    assert await beats.update_each(ours) == 3
    assert [each["number"] for each in await beats.find({"ended": True}, limit=0)] == [0, 1, 2]
    assert await beats.update_each([]) == 0


async def test_facts_are_counted_grouped_and_removed(beats: FactStore) -> None:
    await beats.insert_new([beat(number, village=number % 3) for number in range(10)])

    by_village = [{"$group": {"_id": "$village", "beats": {"$sum": 1}}}, {"$sort": {"_id": 1}}]
    assert [each["beats"] for each in await beats.aggregate(by_village)] == [4, 3, 3]
    assert await beats.delete({"village": 1}) == 3
    assert await beats.count({}) == 7
    assert await beats.delete({"village": 1}) == 0


async def test_what_bson_cannot_hold_is_said_so(beats: FactStore) -> None:
    await beats.insert_new([beat(1)])
    with pytest.raises(UnencodableDocument):
        await beats.insert_new([beat(2, count=2**70)])
    with pytest.raises(UnencodableDocument):
        await beats.update_each([({"_id": "b0001"}, {"$set": {"count": 2**70}})])
    assert await beats.get("b0001") == beat(1)


async def test_without_a_database_everything_says_unavailable(free_port: int) -> None:
    client = connect(
        f"mongodb://127.0.0.1:{free_port}/?directConnection=true",
        application="storage-tests",
        server_selection_timeout_seconds=0.2,
    )
    beats = FactStore(open_database(client, "nowhere"), "beats")
    for call in (
        beats.insert_new([beat(1)]),
        beats.get("b0001"),
        beats.find({}, limit=1),
        beats.count({}),
        beats.update({}, {"$set": {"a": 1}}),
        beats.update_each([({"_id": "b0001"}, {"$set": {"a": 1}})]),
        beats.delete({}),
        beats.aggregate([]),
    ):
        with pytest.raises(StorageUnavailable):
            await call
