import asyncio
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from kentongan.domain.clock import utc_now
from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Database
from kentongan.storage.outbox import Outbox, Published
from tests.integration.storage.drums import (
    NOW,
    Drum,
    carve,
    command,
    drum_store,
    raw,
    receipt,
    strike,
)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database, ["drums", "gongs"])


@pytest.fixture
def gongs(database: Database) -> AggregateStore[Drum]:
    return drum_store(database, "gongs")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


async def test_the_longest_waiting_come_first_over_all_collections(
    drums: AggregateStore[Drum], gongs: AggregateStore[Drum], outbox: Outbox
) -> None:
    for second, (store, key) in enumerate(
        [(gongs, "g1"), (drums, "d1"), (gongs, "g2"), (drums, "d2")]
    ):
        await store.create(key, carve(key), command(now=at(second)), receipt)
    await gongs.change("g1", strike("g1"), command(now=at(9)), receipt)

    pending = await outbox.pending(3)
    assert [(found.collection, found.id) for found in pending] == [
        ("gongs", "g1"),
        ("drums", "d1"),
        ("gongs", "g2"),
    ]
    assert [event.sequence for event in pending[0].events] == [1, 2]
    event = pending[0].events[1]
    assert (event.type, event.key, event.time) == ("kentongan.test.DrumStruck.v1", "g1", at(9))
    assert event.data == {"drum_id": "g1", "beats": 1, "text": ""}
    assert (event.correlation_id, event.causation_id) == ("correlation", "causation")

    left_out = {("gongs", "g1"), ("drums", "d1")}
    rest = await outbox.pending(3, excluding=left_out)
    assert [found.id for found in rest] == ["g2", "d2"]


async def test_clearing_everything_takes_the_mark_away(
    database: Database, drums: AggregateStore[Drum], outbox: Outbox
) -> None:
    await drums.create("d1", carve("d1"), command(), receipt)
    [pending] = await outbox.pending(10)
    published = [event.event_id for event in pending.events]
    for _ in range(2):
        await outbox.clear("drums", "d1", published)
        document = await raw(database, "d1")
        assert document["outbox"] == []
        assert "pending_since" not in document
    assert await outbox.pending(10) == []
    assert (await outbox.backlog()).count == 0
    assert document["version"] == 1


async def test_an_event_appended_between_finding_and_clearing_is_not_stranded(
    database: Database, drums: AggregateStore[Drum], outbox: Outbox
) -> None:
    await drums.create("d1", carve("d1"), command(), receipt)
    [pending] = await outbox.pending(10)
    await drums.change("d1", strike("d1"), command(now=at(5)), receipt)
    await outbox.clear_many([Published("drums", "d1", (pending.events[0].event_id,))])

    [pending] = await outbox.pending(10)
    assert [event.sequence for event in pending.events] == [2]
    assert (await raw(database, "d1"))["pending_since"] == at(5)


async def test_writers_and_clearers_at_full_speed_strand_nothing(
    database: Database, drums: AggregateStore[Drum], outbox: Outbox
) -> None:
    keys = [f"d{number}" for number in range(8)]
    for key in keys:
        await drums.create(key, carve(key), command(), receipt)
    seen: dict[str, list[int]] = defaultdict(list)
    writing = True

    async def write(key: str) -> None:
        for _ in range(40):
            await drums.change(key, strike(key), command(), receipt)

    async def relay() -> None:
        while writing or await outbox.pending(1):
            pending = await outbox.pending(5)
            for found in pending:
                seen[found.id].extend(event.sequence for event in found.events)
            await outbox.clear_many(
                [
                    Published(found.collection, found.id, tuple(e.event_id for e in found.events))
                    for found in pending
                ]
            )

    relays = [asyncio.create_task(relay()) for _ in range(2)]
    await asyncio.gather(*(write(key) for key in keys))
    writing = False
    await asyncio.gather(*relays)

    for key in keys:
        first_occurrences = list(dict.fromkeys(seen[key]))
        assert first_occurrences == list(range(1, 42))
    assert await database["drums"].count_documents({"outbox": {"$ne": []}}) == 0
    assert await database["drums"].count_documents({"pending_since": {"$exists": True}}) == 0


async def test_a_single_relay_never_sees_again_what_it_cleared(
    drums: AggregateStore[Drum], outbox: Outbox
) -> None:
    await drums.create("d1", carve("d1"), command(), receipt)
    for expected in range(1, 40):
        [pending] = await outbox.pending(5)
        assert [event.sequence for event in pending.events] == [expected]
        await outbox.clear("drums", "d1", [pending.events[0].event_id])
        await drums.change("d1", strike("d1"), command(), receipt)


async def test_the_backlog_has_a_size_and_an_age(
    drums: AggregateStore[Drum], gongs: AggregateStore[Drum], outbox: Outbox
) -> None:
    now = utc_now()
    await drums.create("d1", carve("d1"), command(now=now - timedelta(seconds=60)), receipt)
    await gongs.create("g1", carve("g1"), command(now=now), receipt)

    backlog = await outbox.backlog()
    assert backlog.count == 2
    assert 60 <= backlog.oldest_age_seconds < 120


async def test_a_watcher_is_woken_by_creations_and_by_changes(
    drums: AggregateStore[Drum], outbox: Outbox
) -> None:
    woken = 0

    async def watch() -> None:
        nonlocal woken
        async for _ in outbox.watch():
            woken += 1

    async def until_woken(key: str) -> None:
        """The stream opens at its own time: write until it hears."""
        before = woken
        for number in range(1000):
            drum_id = f"{key}{number}"
            if key == "create":
                await drums.create(drum_id, carve(drum_id), command(), receipt)
            else:
                await outbox.clear("drums", "d1", await waiting_events())
                await drums.change("d1", strike("d1"), command(), receipt)
            if woken > before:
                return
        pytest.fail("never woken")

    async def waiting_events() -> list[str]:
        found = [pending for pending in await outbox.pending(2000) if pending.id == "d1"]
        return [event.event_id for pending in found for event in pending.events]

    await drums.create("d1", carve("d1"), command(), receipt)
    watching = asyncio.create_task(watch())
    try:
        await until_woken("create")
        await until_woken("change")
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
