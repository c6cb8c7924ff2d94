from dataclasses import replace
from typing import Any

from kentongan.contracts.registry import KimState
from kentongan.messaging.consumer.loop import ConsumerLimits
from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.read_models.poison import FloodLimits
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.storage.stopped_consumers import StoppedConsumers
from tests.integration.messaging.test_poison import raw, record_of
from tests.integration.messaging.village import (
    KIMS,
    SERVICE,
    Village,
)
from tests.support.waiting import eventually


async def test_a_flood_stops_the_consumer_until_it_is_resumed(village: Village) -> None:
    limits = ConsumerLimits(look_seconds=0.1, flood=FloodLimits(number=50, share=0.5))
    consumer = await village.consumer(limits=limits)
    await eventually(village.built(consumer))
    await village.publish_raw([(b"kim-x", b"{}", [])] * 3000)
    await village.publish_raw([raw(record_of("kim-after"))])
    stopped = StoppedConsumers(village.database, group_id(village.kafka, SERVICE))

    async def is_stopped() -> bool:
        return await stopped.stopped() is not None

    await eventually(is_stopped)
    assert 50 <= await village.dead_letters.count() < 3000

    async def all_set_aside() -> bool:
        # Each resume makes progress: what was set aside is committed.
        await stopped.resume()
        return await village.dead_letters.count() == 3000

    await eventually(all_set_aside)

    async def went_on() -> bool:
        await stopped.resume()
        return await village.knows("kim-after", "Gerendeng")

    await eventually(went_on)


async def test_a_reader_that_makes_what_cannot_be_kept_is_stopped_too(village: Village) -> None:
    def careless(event: KimState) -> dict[str, Any]:
        return {"name": event.name, "members": 2**70 if event.name == "Huge" else 0}

    limits = ConsumerLimits(look_seconds=0.1, flood=FloodLimits(number=50, share=0.5))
    consumer = await village.consumer(
        Subscriptions((replace(KIMS, entry=careless),)), limits=limits
    )
    await eventually(village.built(consumer))
    await village.publish_raw([raw(record_of(f"kim-{number}", "Huge")) for number in range(1000)])
    good = [f"kim-after-{number}" for number in range(20)]
    await village.publish_raw([raw(record_of(kim_id)) for kim_id in good])
    stopped = StoppedConsumers(village.database, group_id(village.kafka, SERVICE))

    async def is_stopped() -> bool:
        return await stopped.stopped() is not None

    await eventually(is_stopped)
    assert 50 <= await village.dead_letters.count() < 1000

    async def through() -> bool:
        await stopped.resume()
        return await village.directory.count() == len(good)

    await eventually(through)
    assert await village.dead_letters.count() == 1000
    assert all([await village.knows(kim_id, "Gerendeng") for kim_id in good])
