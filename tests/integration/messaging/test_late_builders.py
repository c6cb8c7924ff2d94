"""A builder that was paused for longer than its lease, and the one that took over."""

import asyncio
import pkgutil
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import pytest

from kentongan.messaging.consumer.loop import ConsumerLoop
from kentongan.messaging.read_models.rebuild import (
    RebuildLost,
    RebuildReport,
    rebuild,
)
from tests.integration.messaging.test_rebuild import write_versions
from tests.integration.messaging.village import BOTH, SERVICE, Village
from tests.support.waiting import eventually


class Slow:
    """The first call waits, before it does anything, until it may go on; no other does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
        place, _, name = where.rpartition(".")
        self._call = getattr(pkgutil.resolve_name(place), name)
        self.begun = asyncio.Event()
        self.may_go_on = asyncio.Event()
        slow = self

        async def call(*args: object, **options: object) -> object:
            if not slow.begun.is_set():
                slow.begun.set()
                await slow.may_go_on.wait()
            return await slow._call(*args, **options)

        monkeypatch.setattr(where, call)


async def take_lease(village: Village) -> None:
    """As if the holder had been paused for longer than its lease."""
    past = datetime(2026, 1, 1, tzinfo=UTC)
    await village.database["leases"].update_one(
        {"_id": "rebuild:kims"}, {"$set": {"expires_at": past}}
    )


def build(village: Village, **options: Any) -> Awaitable[RebuildReport]:
    return rebuild(
        SERVICE,
        "kims",
        subscriptions=BOTH,
        database=village.database,
        kafka=village.kafka,
        **options,
    )


@pytest.fixture
async def twenty(village: Village) -> ConsumerLoop:
    """Twenty groups that a consumer knows."""
    consumer = await village.consumer()
    await village.relay()
    await write_versions(village, kims=20, versions=2)
    await eventually(lambda: village.counted(20))
    await eventually(village.built(consumer))
    return consumer


async def test_a_late_rename_puts_nothing_half_filled_in_place(
    village: Village, twenty: ConsumerLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    renaming = Slow(monkeypatch, "kentongan.storage.projections.projection.promote_collection")
    slow = asyncio.create_task(build(village))
    await renaming.begun.wait()
    await take_lease(village)
    filling = Slow(monkeypatch, "kentongan.storage.projections.directory.Directory.apply")
    next_one = asyncio.create_task(build(village))
    # Its collection is there, and empty.
    await filling.begun.wait()

    renaming.may_go_on.set()

    with pytest.raises(RebuildLost, match="kims"):
        await slow
    assert await village.counted(20)
    assert await village.built(twenty)()
    filling.may_go_on.set()
    assert (await next_one).applied == 40
    assert await village.counted(20)
    assert await village.built(twenty)()


async def test_a_late_mark_vouches_for_no_other_builders_work(
    village: Village, twenty: ConsumerLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    marking = Slow(
        monkeypatch, "kentongan.storage.projections.build_markers.BuildMarkers.mark_built"
    )
    slow = asyncio.create_task(build(village))
    await marking.begun.wait()
    await take_lease(village)
    interrupting = Slow(
        monkeypatch, "kentongan.storage.projections.build_markers.BuildMarkers.mark_built"
    )
    next_one = asyncio.create_task(build(village))
    await interrupting.begun.wait()
    # After its rename, before it had caught up.
    next_one.cancel()
    await asyncio.gather(next_one, return_exceptions=True)
    assert not await village.built(twenty)()

    marking.may_go_on.set()

    with pytest.raises(RebuildLost, match="kims"):
        await slow
    # So that it is built once more, by the consumer.
    await eventually(village.built(twenty))
    assert await village.counted(20)
