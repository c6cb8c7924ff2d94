import asyncio

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.domain.clock import utc_now
from kentongan.messaging.kafka.tail import Filter, TailedEvent, tail
from tests.integration.messaging.village import Village
from tests.support.waiting import eventually


async def names_and_keys(village: Village, **options: object) -> list[tuple[str, str]]:
    events = tail(village.kafka, CATALOGUE, follow=False, **options)  # type: ignore[arg-type]
    return [(event.name, event.envelope.key) async for event in events]


async def test_events_are_shown_by_type_by_key_and_from_a_time(village: Village) -> None:
    await village.relay()
    await village.register("kim-1")
    await village.register("kim-2")
    await eventually(village.outbox_empty)
    await village.publish_raw([(b"kim-3", b"not an event", [])])
    between = utc_now()
    await village.rename("kim-1", "Batusari")
    await eventually(village.outbox_empty)

    everything = await names_and_keys(village, start="beginning")
    updates = Filter(types=frozenset({"KimUpdated"}))
    second = Filter(keys=frozenset({"kim-2"}))

    assert sorted(everything) == [
        ("KimRegistered", "kim-1"),
        ("KimRegistered", "kim-2"),
        ("KimUpdated", "kim-1"),
    ]
    assert await names_and_keys(village, start="beginning", only=updates) == [
        ("KimUpdated", "kim-1")
    ]
    assert await names_and_keys(village, start="beginning", only=second) == [
        ("KimRegistered", "kim-2")
    ]
    assert await names_and_keys(village, start=between) == [("KimUpdated", "kim-1")]
    assert await names_and_keys(village, start="now") == []


async def test_following_shows_what_comes(village: Village) -> None:
    await village.relay()
    seen: list[TailedEvent] = []

    async def follow() -> None:
        async for event in tail(village.kafka, CATALOGUE, start="beginning"):
            seen.append(event)

    following = asyncio.create_task(follow())
    await village.register("kim-1")

    async def shown() -> bool:
        return [event.name for event in seen] == ["KimRegistered"]

    try:
        await eventually(shown)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
