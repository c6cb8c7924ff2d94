"""A build meets poison as the consumer does: set aside and counted, refused where a flood."""

import pytest

from kentongan.messaging.consumer.loop import ConsumerLimits
from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.read_models.poison import FloodLimits
from kentongan.messaging.read_models.rebuild import RebuildRefused, RebuildReport, rebuild
from kentongan.observability import metrics
from kentongan.storage.stopped_consumers import StoppedConsumers
from tests.integration.messaging.test_poison import poisonous, raw, record_of
from tests.integration.messaging.village import BOTH, SERVICE, Village
from tests.support.waiting import eventually

FLOOD = 300


async def rebuilt(village: Village, *, accept_poison: bool = False) -> RebuildReport:
    return await rebuild(
        SERVICE,
        "kims",
        subscriptions=BOTH,
        database=village.database,
        kafka=village.kafka,
        accept_poison=accept_poison,
    )


def counted(reason: str) -> float:
    return float(metrics.DEAD_LETTERS.labels(SERVICE, reason)._value.get())


async def test_poison_is_set_aside_and_counted_once(village: Village) -> None:
    bad = poisonous()
    await village.publish_raw([*bad.values(), raw(record_of("kim-good"))])
    before = counted("schema")

    first, second = await rebuilt(village), await rebuilt(village)

    assert first.poison == second.poison == len(bad)
    letters = await village.dead_letters.list()
    assert sorted(letter.reason for letter in letters) == sorted(bad)
    assert counted("schema") == before + 1
    assert await village.knows("kim-good", "Gerendeng")

    # The group reads the same records, and knows the letters.
    await village.consumer()
    await village.publish_raw([raw(record_of("kim-last"))])
    await eventually(lambda: village.knows("kim-last", "Gerendeng"))
    assert await village.dead_letters.count() == len(bad)


async def test_a_flood_leaves_the_living_one_in_its_place(village: Village) -> None:
    consumer = await village.consumer()
    await eventually(village.built(consumer))
    await village.publish_raw([raw(record_of("kim-1"))])
    await eventually(lambda: village.knows("kim-1", "Gerendeng"))
    await village.end(consumer)
    await village.database["directory.kims"].update_one(
        {"_id": "kim-1"}, {"$set": {"entry.name": "the living one"}}
    )
    await village.publish_raw([(b"kim-x", b"{}", [])] * FLOOD)

    with pytest.raises(RebuildRefused, match=f"{FLOOD} of {FLOOD + 1} records"):
        await rebuilt(village)

    assert await village.knows("kim-1", "the living one")
    assert await village.built(consumer)()
    assert (await rebuilt(village, accept_poison=True)).poison == FLOOD
    assert await village.knows("kim-1", "Gerendeng")


async def test_a_flood_in_a_first_build_stops_the_consumer(village: Village) -> None:
    await village.publish_raw([raw(record_of("kim-1")), *[(b"kim-x", b"{}", [])] * 60])
    stopped = StoppedConsumers(village.database, group_id(village.kafka, SERVICE))
    limits = ConsumerLimits(look_seconds=0.1, flood=FloodLimits(number=50, share=0.5))

    consumer = await village.consumer(limits=limits)

    async def is_stopped() -> bool:
        return await stopped.stopped() == "kims: 60 of 61 records are poison"

    await eventually(is_stopped)
    await rebuilt(village, accept_poison=True)
    await stopped.resume()
    await eventually(village.built(consumer))
    assert await village.knows("kim-1", "Gerendeng")
