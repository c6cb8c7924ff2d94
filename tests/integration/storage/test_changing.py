import asyncio
from datetime import timedelta

import pytest

from kentongan.domain import Decision
from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Database
from kentongan.storage.errors import (
    AggregateNotFound,
    DuplicateValue,
    EventTooLarge,
    IdempotencyKeyReused,
    TooManyConflicts,
    VersionConflict,
)
from tests.integration.storage.drums import (
    NOW,
    Drum,
    DrumIsSplit,
    carve,
    command,
    drum_store,
    raw,
    receipt,
    strike,
)


@pytest.fixture
async def drum(drums: AggregateStore[Drum]) -> str:
    await drums.create("d1", carve("d1"), command("drum.carve"), receipt)
    return "d1"


async def test_a_change_appends_its_event_and_its_decision(
    database: Database, drums: AggregateStore[Drum], drum: str
) -> None:
    outcome = await drums.change(drum, strike(drum), command(), receipt)

    assert (outcome.status, outcome.version, outcome.answer["beats"]) == (200, 2, 1)
    document = await raw(database, drum)
    assert [entry["sequence"] for entry in document["outbox"]] == [1, 2]
    entries = await drums.decisions(drum)
    assert [(entry.command, entry.rule, entry.version, entry.note) for entry in entries] == [
        ("drum.carve", "drum.carve", 1, None),
        ("drum.strike", "drum.strike", 2, "once more"),
    ]
    assert (entries[1].actor, entries[1].at) == ("lurah-1", NOW)


async def test_what_is_not_there_cannot_be_changed_or_read(drums: AggregateStore[Drum]) -> None:
    with pytest.raises(AggregateNotFound):
        await drums.change("nowhere", strike("nowhere"), command(), receipt)
    with pytest.raises(AggregateNotFound):
        await drums.load("nowhere")
    with pytest.raises(AggregateNotFound):
        await drums.decisions("nowhere")
    assert await drums.load_many(["nowhere"]) == []


async def test_racing_changes_all_land_in_one_order(
    database: Database, drums: AggregateStore[Drum], drum: str
) -> None:
    patient = drum_store(database, retries=200)
    await asyncio.gather(
        *(patient.change(drum, strike(drum), command(), receipt) for _ in range(24))
    )

    assert (await drums.load(drum)).state.beats == 24
    entries = (await raw(database, drum))["outbox"]
    assert [entry["sequence"] for entry in entries] == list(range(1, 26))
    assert [entry["data"]["beats"] for entry in entries] == list(range(25))


async def test_of_racing_writers_with_one_version_one_wins(
    drums: AggregateStore[Drum], drum: str
) -> None:
    tries = [drums.change(drum, strike(drum), command(if_match=1), receipt) for _ in range(16)]
    answers = await asyncio.gather(*tries, return_exceptions=True)

    assert [isinstance(answer, VersionConflict) for answer in answers].count(True) == 15
    assert (await drums.load(drum)).version == 2


async def test_a_stale_version_is_refused_before_anything_is_decided(
    drums: AggregateStore[Drum], drum: str
) -> None:
    await drums.change(drum, strike(drum), command(), receipt)

    with pytest.raises(VersionConflict) as refused:
        await drums.change(drum, _split, command(if_match=1), receipt)
    assert (refused.value.expected, refused.value.found) == (1, 2)


async def test_a_retry_never_meets_the_stale_version(
    drums: AggregateStore[Drum], drum: str
) -> None:
    overwriting = command(key="k1", if_match=1)
    first = await drums.change(drum, strike(drum), overwriting, receipt)

    again = await drums.change(drum, strike(drum), overwriting, receipt)
    assert (again.answer, again.version, again.replayed) == (first.answer, 2, True)
    with pytest.raises(IdempotencyKeyReused):
        await drums.change(drum, strike(drum), command(key="k1", payload="other"), receipt)
    assert (await drums.load(drum)).version == 2


async def test_racing_tries_under_one_key_strike_once(
    drums: AggregateStore[Drum], drum: str
) -> None:
    outcomes = await asyncio.gather(
        *(drums.change(drum, strike(drum), command(key="k1"), receipt) for _ in range(16))
    )

    assert (await drums.load(drum)).state.beats == 1
    assert [outcome.replayed for outcome in outcomes].count(False) == 1
    assert all(outcome.answer == outcomes[0].answer for outcome in outcomes)


async def test_keys_count_for_a_day_and_among_the_last_20(
    database: Database, drums: AggregateStore[Drum], drum: str
) -> None:
    await drums.change(drum, strike(drum), command(key="old"), receipt)
    later = NOW + timedelta(hours=24)
    assert not (
        await drums.change(drum, strike(drum), command(key="old", now=later), receipt)
    ).replayed

    for number in range(20):
        await drums.change(drum, strike(drum), command(key=f"k{number}", now=later), receipt)
    assert len((await raw(database, drum))["keys"]) == 20
    assert not (
        await drums.change(drum, strike(drum), command(key="old", now=later), receipt)
    ).replayed
    assert (await drums.change(drum, strike(drum), command(key="k1", now=later), receipt)).replayed


async def test_a_refusal_is_not_remembered(drums: AggregateStore[Drum], drum: str) -> None:
    with pytest.raises(DrumIsSplit):
        await drums.change(drum, _split, command(key="k1"), receipt)

    outcome = await drums.change(drum, strike(drum), command(key="k1"), receipt)
    assert (outcome.version, outcome.replayed) == (2, False)


async def test_an_endless_race_is_given_up(drums: AggregateStore[Drum], drum: str) -> None:
    async def overtaken(state: Drum) -> Decision[Drum]:
        await drums.change(drum, strike(drum), command(), receipt)
        return strike(drum)(state)

    with pytest.raises(TooManyConflicts):
        await drums.change(drum, overtaken, command(), receipt)
    assert (await drums.load(drum)).state.beats == 6


async def test_a_unique_index_and_a_large_event_refuse_a_change(
    database: Database, drums: AggregateStore[Drum], drum: str
) -> None:
    await drums.create("d2", carve("d2", village="gerendeng"), command(), receipt)

    def move(state: Drum) -> Decision[Drum]:
        return Decision(state.model_copy(update={"village": "gerendeng"}), "drum.move")

    with pytest.raises(DuplicateValue, match="seat"):
        await drums.change(drum, move, command(), receipt)
    with pytest.raises(EventTooLarge):
        await drums.change(drum, strike(drum, text="é" * 450_000), command(), receipt)
    assert (await drums.load(drum)).version == 1


def _split(_: Drum) -> Decision[Drum]:
    raise DrumIsSplit
