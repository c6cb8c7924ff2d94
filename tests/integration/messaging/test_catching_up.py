"""A database restored from a backup: without catching up, its new events would vanish unseen."""

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.relay.catching_up import CaughtUp, catch_up
from kentongan.storage.aggregates.store import AggregateStore
from tests.integration.messaging.village import Kim, Village
from tests.support.waiting import eventually


async def caught_up(village: Village, service: str = "registry") -> CaughtUp:
    return await catch_up(
        service,
        catalogue=CATALOGUE,
        database=village.database,
        collections=["kims"],
        kafka=village.kafka,
    )


async def test_events_after_a_restore_are_news_to_every_reader(village: Village) -> None:
    await village.consumer()
    relay = await village.relay()
    await village.register("kim-1", "first")
    for version in range(2, 6):
        await village.rename("kim-1", f"v{version}")
    await village.register("kim-2", "lost with the database")
    await eventually(lambda: village.knows("kim-1", "v5"), what="v5 is known")
    await eventually(village.outbox_empty, what="all is published")
    await village.end(relay)

    kims = village.database["kims"]
    await kims.delete_many({})
    await village.register("kim-1", "from the backup")
    report = await caught_up(village)
    assert report == CaughtUp(seen=2, raised=1, missing=["kim-2"])

    await village.rename("kim-1", "after the restore")
    await village.relay()
    await eventually(
        lambda: village.knows("kim-1", "after the restore"), what="the new event is applied"
    )

    village.kims = AggregateStore(village.database, "kims", Kim)
    await village.register("kim-2", "entered again")
    await eventually(lambda: village.knows("kim-2", "entered again"), what="it is news as well")
    assert (await village.kims.load("kim-2")).version == 2


async def test_a_restored_read_model_gets_what_its_group_has_committed(village: Village) -> None:
    consumer = await village.consumer()
    await eventually(village.built(consumer))
    await village.relay()
    await village.register("kim-1", "in the backup")
    await eventually(lambda: village.knows("kim-1", "in the backup"))
    await eventually(village.told_of("kims"))
    backup = await village.database["directory.kims"].find_one({"_id": "kim-1"})
    village.changed.clear()
    await village.rename("kim-1", "committed after it")
    await eventually(village.told_of("kims"))
    await village.end(consumer)

    # As a snapshot of the files brings it back: the collection keeps its id, and its marker.
    await village.database["directory.kims"].replace_one({"_id": "kim-1"}, backup)
    await caught_up(village, "publishes-nothing")

    await village.consumer()
    await eventually(lambda: village.knows("kim-1", "committed after it"), what="it is rebuilt")


async def test_catching_up_again_changes_nothing(village: Village) -> None:
    await village.relay()
    await village.register("kim-1")
    await eventually(village.outbox_empty, what="all is published")
    assert await caught_up(village) == CaughtUp(seen=1, raised=0, missing=[])
