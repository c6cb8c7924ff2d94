"""Topics that have lost something: no rebuild believes them, and the service tells it again."""

from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka.admin import NewPartitions, RecordsToDelete
from aiokafka.structs import TopicPartition

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.registry import KIMS, KimUpdated
from kentongan.domain.clock import utc_now
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.beginnings import lost_beginnings
from kentongan.messaging.kafka.clients import make_admin
from kentongan.messaging.kafka.topics import ChangeKind, TopicsNotReady, topic_name
from kentongan.messaging.read_models.rebuild import RebuildRefused, RebuildReport, rebuild
from kentongan.messaging.republishing import Republished, Republisher, Retelling, Telling, Told
from kentongan.process.own_commands import own_command
from kentongan.storage.aggregates.document import DecisionEntry
from kentongan.storage.stopped_consumers import StoppedConsumers
from tests.integration.messaging.village import BOTH, SERVICE, Kim, Village, kim_event
from tests.support.waiting import eventually

GROUPS = 12


def republisher(village: Village) -> Republisher:
    async def tell(kim: Kim, _: Sequence[DecisionEntry]) -> Telling:
        return Telling([Told(kim_event(kim.name, kim.name, kind=KimUpdated))])

    retelling: Retelling[Kim] = Retelling(village.kims, Kim, (KIMS,), tell)
    return Republisher(
        village.database, [retelling], own_command("republish", "operator", utc_now())
    )


async def republished(village: Village) -> Republished:
    report = await republisher(village).run()
    await eventually(village.outbox_empty, what="all is published again")
    return report


async def rebuilt(village: Village, *, accept_loss: bool = False) -> RebuildReport:
    return await rebuild(
        SERVICE,
        "kims",
        subscriptions=BOTH,
        database=village.database,
        kafka=village.kafka,
        accept_loss=accept_loss,
    )


async def registered(village: Village) -> dict[str, Any]:
    """Groups by their names, known to the reader; what it knows of them."""
    consumer = await village.consumer()
    await village.relay()
    await eventually(village.built(consumer))
    for number in range(GROUPS):
        await village.register(f"kim-{number}", f"kim-{number}")
    await eventually(lambda: village.counted(GROUPS))
    return await held(village)


async def held(village: Village) -> dict[str, Any]:
    found = await village.database["directory.kims"].find({}).to_list(None)
    return {one["_id"]: one["entry"] for one in found}


async def make_anew(village: Village) -> None:
    name = topic_name(village.kafka, KIMS.name)
    admin = make_admin(village.kafka)
    await admin.start()
    try:
        await admin.delete_topics([name])

        async def gone() -> bool:
            return name not in await admin.list_topics()

        await eventually(gone, what="the topic is gone")
    finally:
        await admin.close()
    await topics.apply(village.kafka, CATALOGUE)


async def test_a_topic_without_its_head_is_not_believed(village: Village) -> None:
    before = await registered(village)
    name = topic_name(village.kafka, KIMS.name)
    admin = make_admin(village.kafka)
    await admin.start()
    try:
        await admin.delete_records(
            {TopicPartition(name, 0): RecordsToDelete(before_offset=-1)}, timeout_ms=10_000
        )
    finally:
        await admin.close()
    (lost,) = await lost_beginnings(village.kafka, [name])
    assert (lost.partition, lost.begins_at > 0) == (0, True)
    with pytest.raises(RebuildRefused, match="what was before is gone"):
        await rebuilt(village)
    assert await held(village) == before

    await rebuilt(village, accept_loss=True)
    assert 0 < len(await held(village)) < GROUPS


async def test_a_topic_made_anew_is_not_believed_until_it_is_told_again(village: Village) -> None:
    before = await registered(village)
    await make_anew(village)
    with pytest.raises(RebuildRefused, match=f"0 entries where the living .* has {GROUPS}"):
        await rebuilt(village)
    await village.rename("kim-3", "kim-3")
    await eventually(village.outbox_empty)
    await village.database["directory.kims"].drop()
    # Also where nothing lives to compare with: the service's own consumer, which begins a build.
    stopped = StoppedConsumers(village.database, f"{village.kafka.topic_prefix}{SERVICE}")

    async def refused() -> bool:
        reason = await stopped.stopped()
        return reason is not None and "1 of 1 keys begin with an event" in reason

    await eventually(refused, what="the consumer stops and says why")

    report = await republished(village)
    assert (report.events, report.aggregates) == ({KIMS.name: GROUPS}, GROUPS)
    assert not report.untold
    assert await stopped.resume()
    await eventually(lambda: village.counted(GROUPS))
    assert await held(village) == before
    await rebuilt(village)
    assert await held(village) == before


async def test_who_knows_it_passes_it_over(village: Village) -> None:
    before = await registered(village)
    versions = await village.database["directory.kims"].find({}).to_list(None)
    for _ in range(2):
        assert (await republished(village)).aggregates == GROUPS
    await village.rename("kim-0", "after it")
    await eventually(lambda: village.knows("kim-0", "after it"))
    await village.rename("kim-0", "kim-0")
    await eventually(lambda: village.knows("kim-0", "kim-0"))
    assert await held(village) == before
    others = {one["_id"]: one["version"] for one in versions if one["_id"] != "kim-0"}
    now = await village.database["directory.kims"].find({}).to_list(None)
    assert {one["_id"]: one["version"] for one in now if one["_id"] != "kim-0"} == others


async def test_nothing_overtakes_what_still_waits(village: Village) -> None:
    await village.register("kim-0", "kim-0")
    running = republisher(village)
    entries = await village.database["kims"].find_one({"_id": "kim-0"})
    assert entries is not None
    assert len(entries["outbox"]) == 1
    relay = await village.relay()
    report = await running.run()
    assert report.aggregates == 1
    await eventually(village.outbox_empty)
    await village.end(relay)
    assert await running.waiting() == 0


async def test_partitions_added_by_mistake_have_a_way_out(village: Village) -> None:
    before = await registered(village)
    name = topic_name(village.kafka, KIMS.name)
    admin = make_admin(village.kafka)
    await admin.start()
    try:
        await admin.create_partitions({name: NewPartitions(KIMS.partitions + 3)})
    finally:
        await admin.close()

    async def noticed() -> bool:
        found = await topics.plan(village.kafka, CATALOGUE, "registry")
        return [change.kind for change in found] == [ChangeKind.CONFLICT]

    await eventually(noticed, what="the plan speaks of a conflict")
    with pytest.raises(TopicsNotReady):
        await topics.verify(village.kafka, CATALOGUE, SERVICE, reads=[KIMS.name])

    await make_anew(village)
    await republished(village)
    await topics.verify(village.kafka, CATALOGUE, SERVICE, reads=[KIMS.name])
    await rebuilt(village)
    assert await held(village) == before
