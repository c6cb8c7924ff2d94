import asyncio

import pytest

from kentongan.domain import Decision
from kentongan.storage.aggregates.store import AggregateStore, Stored
from kentongan.storage.driver import Client, Database, transaction
from kentongan.storage.errors import DuplicateValue, VersionConflict
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
async def plans(database: Database) -> AggregateStore[Drum]:
    store = drum_store(database, "plans")
    await store.create("p1", carve("p1"), command(), receipt)
    return store


async def given_drums(drums: AggregateStore[Drum], count: int) -> list[Stored[Drum]]:
    await asyncio.gather(
        *(drums.create(f"d{n:04}", carve(f"d{n:04}"), command(), receipt) for n in range(count))
    )
    return await drums.find({}, limit=0)


def struck(stored: list[Stored[Drum]]) -> list[tuple[Stored[Drum], Decision[Drum]]]:
    return [(drum, strike(drum.id)(drum.state)) for drum in stored]


async def test_a_plan_and_its_parts_are_written_as_a_whole(
    client: Client, database: Database, drums: AggregateStore[Drum], plans: AggregateStore[Drum]
) -> None:
    stored = await given_drums(drums, 300)
    plan = await plans.load("p1")
    confirming = command("plan.confirm", key="k1")

    async with transaction(client) as session:
        await drums.write_all(struck(stored), confirming, session)
        outcome = await plans.write(plan, strike("p1")(plan.state), confirming, receipt, session)

    assert outcome.version == 2
    assert await drums.count({"version": 2, "state.beats": 1, "outbox.sequence": 2}) == 300
    replayed = await plans.change("p1", strike("p1"), confirming, receipt)
    assert (replayed.version, replayed.replayed) == (2, True)


async def test_one_stale_part_undoes_the_whole(
    client: Client, drums: AggregateStore[Drum], plans: AggregateStore[Drum]
) -> None:
    stored = await given_drums(drums, 20)
    plan = await plans.load("p1")
    await drums.change("d0013", strike("d0013"), command(), receipt)

    with pytest.raises(VersionConflict):
        async with transaction(client) as session:
            await plans.write(plan, strike("p1")(plan.state), command(), receipt, session)
            await drums.write_all(struck(stored), command(), session)

    assert (await plans.load("p1")).version == 1
    assert await drums.count({"version": 1}) == 19


async def test_a_part_changed_while_the_transaction_runs_undoes_it(
    client: Client, drums: AggregateStore[Drum], plans: AggregateStore[Drum]
) -> None:
    stored = await given_drums(drums, 3)
    plan = await plans.load("p1")

    for several in (True, False):
        with pytest.raises(VersionConflict):
            async with transaction(client) as session:
                await plans.write(plan, strike("p1")(plan.state), command(), receipt, session)
                await drums.change("d0001", strike("d0001"), command(), receipt)
                if several:
                    await drums.write_all(struck(stored), command(), session)
                else:
                    decision = strike("d0001")(stored[1].state)
                    await drums.write(stored[1], decision, command(), receipt, session)

    assert (await plans.load("p1")).version == 1
    assert await drums.count({"version": 1}) == 2


async def test_of_racing_confirmations_one_wins(
    client: Client, drums: AggregateStore[Drum], plans: AggregateStore[Drum]
) -> None:
    stored = await given_drums(drums, 50)
    plan = await plans.load("p1")

    async def confirm() -> None:
        async with transaction(client) as session:
            await drums.write_all(struck(stored), command(), session)
            await plans.write(plan, strike("p1")(plan.state), command(), receipt, session)

    answers = await asyncio.gather(*(confirm() for _ in range(4)), return_exceptions=True)
    assert [answer for answer in answers if answer is None] == [None]
    assert [isinstance(answer, VersionConflict) for answer in answers].count(True) == 3
    assert await drums.count({"version": 2, "state.beats": 1}) == 50


async def test_a_unique_index_speaks_inside_a_transaction(
    client: Client, drums: AggregateStore[Drum], plans: AggregateStore[Drum]
) -> None:
    [free, other] = await given_drums(drums, 2)
    await drums.create("seated", carve("seated", village="gerendeng"), command(), receipt)
    moved = Decision(free.state.model_copy(update={"village": "gerendeng"}), "drum.move")

    for several in (True, False):
        with pytest.raises(DuplicateValue, match="seat"):
            async with transaction(client) as session:
                await drums.write(other, strike(other.id)(other.state), command(), receipt, session)
                if several:
                    await drums.write_all([(free, moved)], command(), session)
                else:
                    await drums.write(free, moved, command(), receipt, session)
    assert (await drums.load(other.id)).version == 1


async def test_an_error_of_the_caller_undoes_the_transaction(
    client: Client, database: Database, drums: AggregateStore[Drum]
) -> None:
    [drum] = await given_drums(drums, 1)
    with pytest.raises(ZeroDivisionError):
        async with transaction(client) as session:
            await drums.write(drum, strike(drum.id)(drum.state), command(), receipt, session)
            raise ZeroDivisionError
    assert (await raw(database, drum.id))["version"] == 1
