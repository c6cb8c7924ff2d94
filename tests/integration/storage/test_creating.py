import asyncio
from datetime import date

import pytest

from kentongan.storage.aggregates.store import AggregateStore, derived_id
from kentongan.storage.driver import Database
from kentongan.storage.errors import (
    AggregateExists,
    AggregateNotFound,
    DuplicateValue,
    EventTooLarge,
    IdempotencyKeyReused,
    UnencodableDocument,
)
from tests.integration.storage.drums import (
    NOW,
    Drum,
    Wood,
    carve,
    command,
    drum_store,
    raw,
    receipt,
    strike,
)


async def test_a_created_aggregate_comes_back_as_it_was(drums: AggregateStore[Drum]) -> None:
    state = {"carved": date(2025, 12, 31), "wood": Wood.JACKFRUIT, "tones": {"b", "a"}}
    outcome = await drums.create("d1", carve("d1", **state), command(), receipt)

    stored = await drums.load("d1")
    assert (stored.id, stored.version, stored.state) == ("d1", 1, Drum(**state))
    assert outcome.status == 201
    assert outcome.answer == {"id": "d1", "version": 1, "beats": 0, "carved": "2025-12-31"}
    assert not outcome.replayed


async def test_dates_are_found_by_dates(drums: AggregateStore[Drum]) -> None:
    for month in (1, 6, 12):
        drum_id = f"d{month}"
        await drums.create(drum_id, carve(drum_id, carved=date(2026, month, 1)), command(), receipt)

    found = await drums.find({"state.carved": {"$gte": date(2026, 6, 1)}}, limit=10)
    assert [drum.id for drum in found] == ["d12", "d6"]


async def test_a_list_may_leave_fields_of_the_state_unread(drums: AggregateStore[Drum]) -> None:
    long = {"history": "x" * 10_000}
    await drums.create("d1", carve("d1", village="Gerendeng", extra=long), command(), receipt)

    (found,) = await drums.find({}, limit=1, without=("extra",))
    assert (found.version, found.state.village, found.state.extra) == (1, "Gerendeng", {})
    (whole,) = await drums.find({}, limit=1)
    assert whole.state.extra == long


async def test_the_event_waits_in_the_aggregates_own_document(
    database: Database, drums: AggregateStore[Drum]
) -> None:
    await drums.create("d1", carve("d1", beats=4), command(), receipt)

    document = await raw(database, "d1")
    [entry] = document["outbox"]
    assert (entry["type"], entry["sequence"], entry["data"]) == (
        "kentongan.test.DrumStruck.v1",
        1,
        {"drum_id": "d1", "beats": 4, "text": ""},
    )
    assert document["pending_since"] == NOW
    assert document["decisions"][0]["id"] == entry["event_id"]


async def test_32_tries_under_one_key_make_one_aggregate(
    database: Database, drums: AggregateStore[Drum]
) -> None:
    creating = command("drum.carve", key="lurah-1:POST /drums:k1")
    drum_id = derived_id(creating.idempotency)
    decision = carve(drum_id, village="gerendeng")
    outcomes = await asyncio.gather(
        *(drums.create(drum_id, decision, creating, receipt) for _ in range(32))
    )

    assert await drums.count({}) == 1
    assert len((await raw(database, drum_id))["outbox"]) == 1
    assert [outcome.replayed for outcome in outcomes].count(False) == 1
    assert {outcome.status for outcome in outcomes} == {201}
    assert all(outcome.answer == outcomes[0].answer for outcome in outcomes)


async def test_a_retry_after_later_changes_gets_the_first_answer(
    drums: AggregateStore[Drum],
) -> None:
    creating = command("drum.carve", key="k1")
    first = await drums.create("d1", carve("d1"), creating, receipt)
    await drums.change("d1", strike("d1"), command(), receipt)

    again = await drums.create("d1", carve("d1"), creating, receipt)
    assert (again.answer, again.version, again.replayed) == (first.answer, 1, True)


async def test_another_payload_under_the_key_is_refused(drums: AggregateStore[Drum]) -> None:
    await drums.create("d1", carve("d1"), command(key="k1"), receipt)

    with pytest.raises(IdempotencyKeyReused):
        await drums.create("d1", carve("d1"), command(key="k1", payload="other"), receipt)
    with pytest.raises(IdempotencyKeyReused):
        await drums.answered("d1", command(key="k1", payload="other"))
    assert await drums.answered("d1", command()) is None


async def test_a_natural_id_is_taken_once(drums: AggregateStore[Drum]) -> None:
    tries = [
        drums.create("gerendeng:2026", carve("gerendeng:2026"), command(key=f"k{i}"), receipt)
        for i in range(16)
    ]
    answers = await asyncio.gather(*tries, return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, AggregateExists)]
    assert len(refused) == 15
    assert await drums.count({}) == 1


async def test_a_unique_index_says_which_rule_spoke(drums: AggregateStore[Drum]) -> None:
    first = command("drum.carve", key="k1")
    await drums.create("d1", carve("d1", village="gerendeng"), first, receipt)

    with pytest.raises(DuplicateValue) as refused:
        await drums.create("d2", carve("d2", village="gerendeng"), command(), receipt)
    assert (refused.value.index, refused.value.fields) == ("seat", ("state.village",))

    again = await drums.create("d1", carve("d1", village="gerendeng"), first, receipt)
    assert again.replayed


async def test_what_cannot_be_stored_or_published_writes_nothing(
    database: Database, drums: AggregateStore[Drum]
) -> None:
    narrow = drum_store(database, event_size_limit=20)
    with pytest.raises(EventTooLarge):
        await narrow.create("d1", carve("d1"), command(), receipt)
    deep: dict[str, object] = {}
    for _ in range(190):
        deep = {"in": deep}
    for extra in ({"n": 2**70}, {"a\0b": 1}, {"text": "\ud800"}, {"long": "x" * 17_000_000}, deep):
        with pytest.raises(UnencodableDocument):
            await drums.create("d1", carve("d1", extra=extra), command(), receipt)

    with pytest.raises(AggregateNotFound):
        await drums.load("d1")
