import asyncio

from tests.integration.messaging.village import Village
from tests.support.waiting import eventually


async def test_consumers_join_and_leave_under_load_and_nothing_is_missing(village: Village) -> None:
    await village.relay()
    first = await village.consumer()
    await eventually(village.built(first))

    async def write() -> None:
        for version in range(1, 11):
            for number in range(40):
                if version == 1:
                    await village.register(f"kim-{number}", "v1")
                else:
                    await village.rename(f"kim-{number}", f"v{version}")

    writing = asyncio.create_task(write())
    while not writing.done():
        second = await village.consumer()
        await asyncio.wait((writing,), timeout=1.5)
        await village.end(second)
    await writing

    async def newest_everywhere() -> bool:
        entries = await village.directory.find({}, limit=0)
        return len(entries) == 40 and all(entry.entry["name"] == "v10" for entry in entries)

    await eventually(newest_everywhere)
    assert await village.dead_letters.count() == 0


async def test_a_stop_commits_what_was_applied(village: Village) -> None:
    await village.relay()
    consumer = await village.consumer()
    await eventually(village.built(consumer))
    for number in range(50):
        await village.register(f"kim-{number}")

    async def all_known() -> bool:
        return await village.directory.count() == 50

    await eventually(all_known)
    await village.end(consumer)
    village.changed.clear()
    again = await village.consumer()
    await eventually(village.built(again))
    await village.register("kim-new")
    await eventually(village.told_of("kims"))
    await eventually(lambda: village.knows("kim-new", "Gerendeng"))

    # Had the stop not committed, the first batch would have held the fifty again.
    assert len(village.changed) == 1
