"""The topic repeats itself, in any order and from any offset: nobody may notice."""

import asyncio
from random import Random
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from kentongan.messaging.kafka.clients import group_id, make_producer
from kentongan.messaging.kafka.reading import Offsets, TopicReader
from kentongan.messaging.kafka.topics import topic_name
from tests.support.town import Town
from tests.support.verdict import TOPIC
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults-replays")]

_AT = "ce_sequence"


async def test_the_whole_topic_is_published_again_and_old_versions_come_late(town: Town) -> None:
    office = town.office
    groups = await office.register(8)
    for group in groups:
        await office.suspend(group)
        await office.reinstate(group)
    before = await town.judge()

    async with office.working(groups, newcomers=10):
        again = await republish(town, office.random)
    assert again >= before.checked.events
    between = await town.judge()
    assert between.checked.repeats >= again

    # Now nothing newer follows that would make good what an old version has spoilt.
    late = await republish(town, office.random, superseded=True)
    assert late >= 2 * len(groups)
    await eventually(lambda: idle(town), what="the consumer has read all")
    assert (await town.judge()).checked.repeats == between.checked.repeats + late


async def test_a_group_whose_offsets_were_reset_reads_everything_again(town: Town) -> None:
    office = town.office
    groups = office.groups[:8] or await office.register(8)
    await town.judge()
    await town.placement.stop()
    ends = await offsets(town)
    await reset(town)
    assert sum((await committed(town)).values()) == 0

    async with office.working(groups, newcomers=30):
        await town.start()
        await eventually(lambda: caught_up(town, ends), what="all is read again")

    await town.judge()


async def republish(town: Town, random: Random, *, superseded: bool = False) -> int:
    """Send every record once more, or every one but the newest of each group, in an order drawn.

    Returns how many.
    """
    kafka = town.services.kafka
    async with TopicReader(kafka, [topic_name(kafka, TOPIC)], client_id="test") as reader:
        records = [
            record
            async for batch in reader.read(await reader.beginnings(), await reader.ends())
            for record in batch
        ]
    if superseded:
        records = [
            record for record in records if newest(records, record.key) != dict(record.headers)[_AT]
        ]
    random.shuffle(records)
    producer = make_producer(kafka, client_id="test")
    await producer.start()
    try:
        sent = [
            await producer.send(
                record.topic, key=record.key, value=record.value, headers=list(record.headers)
            )
            for record in records
        ]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
    return len(records)


def newest(records: list[Any], key: bytes) -> bytes:
    """The highest sequence of a group: they are padded, so they compare as text."""
    return max(dict(record.headers)[_AT] for record in records if record.key == key)


async def idle(town: Town) -> bool:
    return await caught_up(town, await offsets(town))


async def offsets(town: Town) -> Offsets:
    kafka = town.services.kafka
    async with TopicReader(kafka, [topic_name(kafka, TOPIC)], client_id="test") as reader:
        return await reader.ends()


async def caught_up(town: Town, ends: Offsets) -> bool:
    reached = await committed(town)
    return all(reached[one] >= end for one, end in ends.items())


async def reset(town: Town) -> None:
    """Set placement's group back to the beginning, as an operator's tool does."""
    member = await _member(town)
    try:
        await member.commit(dict.fromkeys(await offsets(town), 0))
    finally:
        await member.stop()


async def committed(town: Town) -> dict[TopicPartition, int]:
    member = await _member(town)
    try:
        return {one: await member.committed(one) or 0 for one in await offsets(town)}
    finally:
        await member.stop()


async def _member(town: Town) -> AIOKafkaConsumer:
    """A client that speaks for the group without joining it."""
    kafka = town.services.kafka
    member = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap_servers,
        group_id=group_id(kafka, "placement"),
        enable_auto_commit=False,
    )
    await member.start()
    member.assign(list(await offsets(town)))
    return member
