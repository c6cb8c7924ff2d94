import asyncio
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from kentongan.contracts.registry import KimRegistered, KimState
from kentongan.messaging.consumer.loop import ConsumerLimits
from kentongan.messaging.read_models.bound import UnknownReadModel
from kentongan.messaging.read_models.rebuild import (
    RebuildUnderWay,
    rebuild,
)
from kentongan.messaging.subscriptions import DirectorySubscription, Subscriptions
from kentongan.storage.driver import collection_identities
from kentongan.storage.lease import Lease
from kentongan.storage.projections.directory import Directory
from tests.integration.messaging.village import ACTIVITIES, BOTH, KIMS, SERVICE, Village
from tests.support.waiting import eventually


class Interruption(Exception):
    pass


async def write_versions(village: Village, kims: int, versions: int) -> None:
    async def one(number: int) -> None:
        await village.register(f"kim-{number}", "v1")
        for version in range(2, versions + 1):
            await village.rename(f"kim-{number}", f"v{version}")

    await asyncio.gather(*(one(number) for number in range(kims)))


async def test_a_rebuild_under_load_loses_nothing(village: Village) -> None:
    consumer = await village.consumer()
    await village.relay()
    await eventually(village.built(consumer))
    writing = asyncio.create_task(write_versions(village, kims=60, versions=40))
    reports = []
    while not writing.done():
        reports.append(
            await rebuild(
                SERVICE, "kims", subscriptions=BOTH, database=village.database, kafka=village.kafka
            )
        )
    await writing

    async def newest_everywhere() -> bool:
        entries = await village.directory.find({}, limit=0)
        return len(entries) == 60 and all(entry.entry["name"] == "v40" for entry in entries)

    await eventually(newest_everywhere)
    assert len(reports) > 1
    assert await village.built(consumer)()


async def test_a_dropped_read_model_is_built_at_the_next_start(village: Village) -> None:
    consumer = await village.consumer()
    await village.relay()
    await write_versions(village, kims=20, versions=3)
    await eventually(lambda: village.knows("kim-19", "v3"))
    await village.end(consumer)

    await village.database.drop_collection("directory.kims")
    again = await village.consumer()

    await eventually(village.built(again))
    assert await village.directory.count() == 20
    assert await village.knows("kim-7", "v3")


async def test_a_new_read_model_is_built_from_the_beginning(village: Village) -> None:
    consumer = await village.consumer(Subscriptions((ACTIVITIES,)))
    await village.relay()
    await write_versions(village, kims=10, versions=2)
    await eventually(village.outbox_empty)
    await village.end(consumer)
    names: DirectorySubscription[object] = DirectorySubscription(  # type: ignore[type-var]
        "names", KIMS.events, lambda event: {"name": event.name}
    )

    extended = await village.consumer(Subscriptions((ACTIVITIES, names)))

    await eventually(village.built(extended))
    entries = await Directory(village.database, "names").find({}, limit=0)
    assert [entry.entry for entry in entries] == [{"name": "v2"}] * 10


@pytest.mark.parametrize(
    "before", [replace(KIMS, events=(KimRegistered,)), replace(KIMS, entry=lambda _: {"name": "?"})]
)
async def test_a_changed_read_model_gets_its_history(
    village: Village, before: DirectorySubscription[KimState]
) -> None:
    consumer = await village.consumer(Subscriptions((before, ACTIVITIES)))
    await village.relay()
    await write_versions(village, kims=5, versions=2)
    await eventually(village.outbox_empty)
    await eventually(lambda: village.counted(5))
    await village.end(consumer)

    changed = await village.consumer(Subscriptions((replace(KIMS, revision=2), ACTIVITIES)))

    await eventually(village.built(changed))
    assert all([await village.knows(f"kim-{number}", "v2") for number in range(5)])


async def test_other_events_alone_make_it_another(village: Village) -> None:
    before = await village.consumer(Subscriptions((replace(KIMS, events=(KimRegistered,)),)))
    await village.relay()
    await eventually(village.built(before))
    first = await collection_identities(village.database, ["directory.kims"])
    await write_versions(village, kims=5, versions=2)
    await eventually(village.outbox_empty)
    await eventually(lambda: village.counted(5))
    await village.end(before)

    after = await village.consumer(Subscriptions((KIMS,)))

    await eventually(village.built(after))
    assert await collection_identities(village.database, ["directory.kims"]) != first
    assert await village.knows("kim-4", "v2")


async def test_the_older_release_leaves_the_newer_ones_build_alone(village: Village) -> None:
    limits = ConsumerLimits(look_seconds=0.05)
    older = await village.consumer(limits=limits)
    await eventually(village.built(older))
    newer = await village.consumer(
        Subscriptions((replace(KIMS, revision=2), ACTIVITIES)), limits=limits
    )
    await eventually(village.built(newer))
    identities = await collection_identities(village.database, ["directory.kims"])

    await village.relay()
    await write_versions(village, kims=20, versions=3)
    await eventually(lambda: village.knows("kim-19", "v3"))

    assert await village.built(older)()
    assert await village.built(newer)()
    assert await collection_identities(village.database, ["directory.kims"]) == identities


async def test_one_dropped_under_its_consumer_is_built_again(village: Village) -> None:
    consumer = await village.consumer(limits=ConsumerLimits(look_seconds=0.1))
    await village.relay()
    await write_versions(village, kims=20, versions=2)
    await eventually(lambda: village.counted(20))

    await village.database.drop_collection("directory.kims")

    await eventually(lambda: village.counted(20))
    await eventually(village.built(consumer))
    await village.register("kim-after")
    await eventually(lambda: village.knows("kim-after", "Gerendeng"))


async def test_an_interrupted_rebuild_leaves_the_living_one_built(village: Village) -> None:
    consumer = await village.consumer()
    await eventually(village.built(consumer))
    await village.relay()
    await write_versions(village, kims=5, versions=1)
    await eventually(lambda: village.counted(5))

    def interrupt(*_: int) -> None:
        raise Interruption

    with pytest.raises(Interruption):
        await rebuild(
            SERVICE,
            "kims",
            subscriptions=BOTH,
            database=village.database,
            kafka=village.kafka,
            on_progress=interrupt,
        )

    assert await village.built(consumer)()
    assert await village.counted(5)


async def test_a_stop_during_a_build_starts_no_consumer(village: Village) -> None:
    await Lease(village.database, "rebuild:kims", "somebody else").acquire()
    with capture_logs() as logs:
        consumer = await village.consumer()
        await asyncio.sleep(0.3)
        await village.end(consumer)
    assert "consumer.started" not in {entry["event"] for entry in logs}


async def test_one_process_builds_at_a_time(village: Village) -> None:
    await Lease(village.database, "rebuild:kims", "somebody else").acquire()

    with pytest.raises(RebuildUnderWay):
        await rebuild(
            SERVICE, "kims", subscriptions=BOTH, database=village.database, kafka=village.kafka
        )
    with pytest.raises(UnknownReadModel):
        await rebuild(
            SERVICE, "votes", subscriptions=BOTH, database=village.database, kafka=village.kafka
        )
