import asyncio
import random
import time
from typing import Any

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import MessageSizeTooLargeError

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.domain.clock import utc_now
from kentongan.messaging.kafka.clients import make_admin, make_producer
from kentongan.messaging.kafka.tail import count_events, tail
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.relay.loop import RelayLimits
from kentongan.messaging.relay.publishing import Publisher
from kentongan.messaging.relay.rounds import RoundLimits
from kentongan.settings import KafkaSettings
from kentongan.storage.dead_letters import DeadLetter
from kentongan.storage.driver import Database
from tests.integration.messaging.village import Village
from tests.support.waiting import eventually

QUICK = RelayLimits(
    poll_seconds=0.1,
    lease_seconds=3.0,
    stop_seconds=4.0,
    rounds=RoundLimits(acknowledgement_seconds=1.0, longest_back_off_seconds=0.5),
)


async def published(village: Village) -> dict[str, list[int]]:
    seen: dict[str, list[int]] = {}
    async for event in tail(village.kafka, CATALOGUE, start="beginning", follow=False):
        seen.setdefault(event.envelope.key, []).append(event.envelope.sequence)
    return seen


async def spoil(database: Database, kim_id: str, **change: Any) -> None:
    """What no command can write: an event that can't be sent."""
    changes = {f"outbox.0.{name}": value for name, value in change.items()}
    await database["kims"].update_one({"_id": kim_id}, {"$set": changes})


async def test_an_aggregate_that_cannot_be_sent_starves_no_other(village: Village) -> None:
    for number in range(5):
        await village.register(f"stuck-{number}")
        await spoil(village.database, f"stuck-{number}", data={"padding": "x" * 1_100_000})
    await village.register("forgotten")
    await spoil(village.database, "forgotten", type="kentongan.registry.KimPainted.v1")
    for number in range(20):
        await village.register(f"kim-{number}")

    limits = RelayLimits(poll_seconds=0.1, rounds=RoundLimits(size=3, longest_back_off_seconds=0.5))
    await village.relay(limits)

    async def all_others() -> bool:
        return (await village.outbox.backlog()).count == 6

    await eventually(all_others)
    assert sorted(await published(village)) == sorted(f"kim-{number}" for number in range(20))

    await spoil(village.database, "stuck-0", data={"kim_id": "stuck-0"})

    async def repaired() -> bool:
        return (await village.outbox.backlog()).count == 5

    await eventually(repaired)


async def test_what_the_broker_refuses_backs_off_and_the_producer_recovers(
    village: Village,
) -> None:
    await make_small(village.kafka, "registry.kims")
    await village.register("too-large")
    await spoil(village.database, "too-large", data={"padding": "x" * 60_000})
    for number in range(30):
        await village.register(f"kim-{number}")

    await village.relay(QUICK)

    async def all_others() -> bool:
        return (await village.outbox.backlog()).count == 1

    await eventually(all_others)
    await village.register("kim-later")
    await village.rename("kim-later", "v2")
    await eventually(all_others)
    seen = await published(village)
    assert "too-large" not in seen
    assert len(seen) == 31
    assert list(dict.fromkeys(seen["kim-later"])) == [1, 2]


async def test_what_is_written_fast_is_published_in_order_and_nothing_is_left(
    village: Village,
) -> None:
    await village.relay(QUICK)
    await eventually(village.outbox_empty)

    async def life(kim_id: str) -> None:
        await village.register(kim_id)
        for number in range(15):
            await village.rename(kim_id, f"v{number}")
            # Some are written while the one before is on its way, some after.
            await asyncio.sleep(random.uniform(0.0, 0.02))

    await asyncio.gather(*(life(f"kim-{number}") for number in range(12)))
    await eventually(village.outbox_empty)

    seen = await published(village)
    assert {kim: list(dict.fromkeys(versions)) for kim, versions in seen.items()} == {
        f"kim-{number}": list(range(1, 17)) for number in range(12)
    }


async def test_a_dead_letter_that_nobody_takes_holds_up_no_event(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Publisher, "send_raw", never)
    letter = DeadLetter("group", "topic", 0, 1, b"key", b"value", (), "schema", "", utc_now())
    await village.dead_letters.add_many([letter])

    await village.relay(QUICK)
    for number in range(3):
        await village.register(f"kim-{number}")
        await eventually(village.outbox_empty)

    assert [one.id for one in await village.dead_letters.pending(2)] == [letter.id]


async def test_one_relay_leads_and_another_takes_over(village: Village) -> None:
    first = await village.relay(QUICK)

    async def first_leads() -> bool:
        return first.leads

    await eventually(first_leads)
    second = await village.relay(QUICK)
    await village.register("kim-1")
    await eventually(village.outbox_empty)
    assert not second.leads

    await village.end(first)
    await village.register("kim-2")

    await eventually(village.outbox_empty)
    assert second.leads
    assert await published(village) == {"kim-1": [1], "kim-2": [1]}


async def test_a_stop_is_bounded_while_kafka_is_away(village: Village) -> None:
    nowhere = village.kafka.model_copy(update={"bootstrap_servers": "127.0.0.1:1"})
    village.kafka, kafka = nowhere, village.kafka
    relay = await village.relay(QUICK)
    village.kafka = kafka
    await village.register("kim-1")

    began = time.monotonic()
    await village.end(relay)

    assert time.monotonic() - began < 10
    await village.relay(QUICK)
    await eventually(village.outbox_empty)
    assert await count_events(village.kafka, ["registry.kims"]) == {"registry.kims": 1}


async def make_small(kafka: KafkaSettings, topic: str) -> None:
    """Have the broker take no record above 50 kB; it hears of that a little later than we do."""
    name = topic_name(kafka, topic)
    admin = make_admin(kafka)
    await admin.start()
    try:
        resource = ConfigResource(
            ConfigResourceType.TOPIC, name, configs={"max.message.bytes": "50000"}
        )
        await admin.alter_configs([resource])
    finally:
        await admin.close()
    plain = kafka.model_copy(update={"idempotent_producer": False})
    async with make_producer(plain, client_id="probe") as producer:

        async def refused() -> bool:
            sent = [
                await producer.send(name, b"x" * 60_000, partition=partition)
                for partition in await producer.partitions_for(name)
            ]
            answers = await asyncio.gather(*sent, return_exceptions=True)
            return all(isinstance(one, MessageSizeTooLargeError) for one in answers)

        await eventually(refused)
