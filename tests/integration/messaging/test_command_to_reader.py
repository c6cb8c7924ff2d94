from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka.tail import tail
from tests.integration.messaging.village import Village
from tests.support.waiting import eventually


async def test_a_registered_group_appears_in_the_directory(village: Village) -> None:
    await village.relay()
    await village.consumer()

    await village.register("kim-1", "Gerendeng")

    await eventually(lambda: village.knows("kim-1", "Gerendeng"))
    await eventually(village.outbox_empty)
    await eventually(village.told_of("kims"))


async def test_all_events_of_an_aggregate_arrive_in_its_order(village: Village) -> None:
    for number in range(30):
        await village.register(f"kim-{number}", "v1")
        for version in range(2, 7):
            await village.rename(f"kim-{number}", f"v{version}")

    await village.relay()
    await eventually(village.outbox_empty)

    seen: dict[str, list[int]] = {}
    async for event in tail(village.kafka, CATALOGUE, start="beginning", follow=False):
        seen.setdefault(event.envelope.key, []).append(event.envelope.sequence)
    assert len(seen) == 30
    assert all(sequences == [1, 2, 3, 4, 5, 6] for sequences in seen.values())


async def test_what_was_recorded_while_nothing_ran_is_published_and_applied(
    village: Village,
) -> None:
    for number in range(1000):
        await village.register(f"kim-{number}")

    await village.consumer()
    await village.relay()

    async def all_known() -> bool:
        return await village.directory.count() == 1000

    await eventually(all_known)
    await eventually(village.outbox_empty)
