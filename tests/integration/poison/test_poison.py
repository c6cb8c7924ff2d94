"""Whatever lies in a topic: set aside once, its neighbours applied, and the reader goes on."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from kentongan.contracts.registry import KimState
from kentongan.kims.directory import KIM_SUBSCRIPTION, kim_entry
from kentongan.messaging.consumer.loop import ConsumerLoop
from kentongan.messaging.kafka.clients import make_admin
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.testing.poison_records import HUGE, HeaderName, kim_record, poison_records
from tests.integration.poison.placement_reader import ask, copies, feed, letters, metric, shows
from tests.support.town import Town
from tests.support.verdict import TOPIC
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("poison")]

UNKNOWN_TYPE = b"kentongan.registry.KimPainted.v1"
TWO_MEGABYTES = 2 * 1024 * 1024
FLOOD = 1_100
"""A consumer looks every 500 records whether there is a flood: it stops twice."""
STOPS = 2
AFTER_FLOOD = "kim-after-flood"


async def test_each_poison_is_set_aside_once_and_its_neighbours_are_applied(town: Town) -> None:
    poison = list(poison_records())
    fed = []
    for place, (_, record) in enumerate(poison):
        fed += [kim_record(f"kim-{place}"), record]
    await feed(town, [*fed, kim_record("kim-last")])

    await eventually(lambda: shows(town, "kim-last"), what="the last neighbour")
    for place in range(len(poison)):
        assert await shows(town, f"kim-{place}")
    assert not await shows(town, "kim-poison")
    await eventually(lambda: waiting(town, len(poison)), what="the dead letters")
    found = await letters(town)
    assert Counter(one.reason for one in found) == Counter(reason for reason, _ in poison)
    for letter, (_, record) in zip(sorted(found, key=lambda one: one.offset), poison, strict=True):
        assert (letter.key, letter.value, letter.headers) == (
            *(record.key, record.value, tuple(record.headers)),
        )

    async def copied() -> bool:
        return len(await copies(town)) >= len(poison)

    await eventually(copied, what="the copies in the dead-letter topic")
    ids = [(headers["dl_id"] or b"").decode() for headers in await copies(town)]
    assert sorted(ids) == sorted(letter.id for letter in found)
    listed = await town.services.command("dead-letters", "ls", "placement")
    assert all(letter.id in listed.output for letter in found), listed.output


async def test_a_header_whose_name_is_no_text_blocks_nobody(town: Town) -> None:
    """aiokafka can't read such a name: without our remedy its partition would end here."""
    before = len(await letters(town))
    odd = kim_record("kim-odd-name").with_header(HeaderName(b"\xff\xfe"), b"\x00")

    await feed(town, [odd, kim_record("kim-after-odd-name")])

    # What an envelope doesn't name is ignored, so this is an event like any other.
    await eventually(lambda: shows(town, "kim-after-odd-name"), what="the neighbour")
    assert await shows(town, "kim-odd-name")
    assert len(await letters(town)) == before
    rebuilt = await town.services.command("rebuild", "placement", "kims")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert await shows(town, "kim-odd-name")


async def test_a_record_over_a_megabyte_is_kept_whole(town: Town) -> None:
    before = {letter.id for letter in await letters(town)}
    await let_in(town, TWO_MEGABYTES + 100_000)
    large = replace(kim_record("kim-large"), value=b"{" + b" " * TWO_MEGABYTES)

    await feed(town, [kim_record("kim-before-large"), large, kim_record("kim-after-large")])

    await eventually(lambda: shows(town, "kim-after-large"), what="the neighbour")
    assert await shows(town, "kim-before-large")
    await eventually(lambda: waiting(town, len(before) + 1), what="the dead letter")
    (letter,) = (one for one in await letters(town) if one.id not in before)
    assert (letter.reason, letter.value) == ("schema", large.value)

    async def copied() -> bool:
        found = [one for one in await copies(town) if one.get("dl_id") == letter.id.encode()]
        # Too large for the dead-letter topic: the copy says how large it was, and where it lies.
        return bool(found) and found[0]["dl_omitted"] == str(len(large.value or b"")).encode()

    await eventually(copied, what="the copy in the dead-letter topic")


async def test_types_that_nobody_here_wants_are_skipped_and_counted(town: Town) -> None:
    before, skipped = (
        len(await letters(town)),
        await metric(town, "kentongan_records_skipped_total"),
    )
    painted = [
        kim_record(f"kim-painted-{number}").with_header("ce_type", UNKNOWN_TYPE)
        for number in range(30)
    ]
    # Their data is theirs to define.
    painted[0] = replace(painted[0], value=b"bukan JSON")

    await feed(town, [*painted, kim_record("kim-after-paint")])

    await eventually(lambda: shows(town, "kim-after-paint"), what="the neighbour")

    async def counted() -> bool:
        return await metric(town, "kentongan_records_skipped_total") == skipped + len(painted)

    await eventually(counted, what="the count")
    assert len(await letters(town)) == before
    assert not await shows(town, "kim-painted-1")


async def test_what_a_careless_reader_refused_is_applied_by_the_repaired_one(town: Town) -> None:
    before = {letter.id for letter in await letters(town)}
    await town.placement.stop()
    careless = Subscriptions((replace(KIM_SUBSCRIPTION, entry=careless_entry),))
    records = [
        kim_record("kim-huge").with_data(member_count=HUGE),
        kim_record("kim-careful-1"),
        kim_record("kim-nul").with_data(name="KIM\0NUL"),
        kim_record("kim-careful-2"),
        kim_record("kim-crash").with_data(name=""),
    ]
    await feed(town, records)

    async with town.services.database("placement") as database:
        reader = ConsumerLoop(
            service="placement",
            subscriptions=careless,
            database=database,
            kafka=town.services.kafka,
        )
        await reader.start()
        await eventually(lambda: waiting(town, len(before) + 3), what="three dead letters")
        await reader.stop()
    await town.services.start(town.placement)
    new = [one for one in await letters(town) if one.id not in before]
    assert sorted(one.reason for one in new) == ["reader-failed", "unencodable", "unencodable"]
    assert [await shows(town, f"kim-careful-{number}") for number in (1, 2)] == [True, True]
    assert not await shows(town, "kim-huge")

    ids = [one.id for one in new]
    redriven = await town.services.command("dead-letters", "redrive", "placement", *ids)

    assert redriven.exit_code == 0, redriven.output
    assert "applied: 3" in redriven.output
    for kim_id in ("kim-huge", "kim-nul", "kim-crash"):
        assert await shows(town, kim_id)
    assert {letter.id for letter in await letters(town)} == before


async def test_a_flood_stops_the_consumer_until_an_operator_resumes_it(town: Town) -> None:
    before = len(await letters(town))
    bad = replace(kim_record("kim-flood"), value=b"bukan JSON")
    await feed(town, [bad] * FLOOD)
    await feed(town, [kim_record(AFTER_FLOOD)])

    async def stopped() -> bool:
        return await metric(town, "kentongan_consumer_stopped") == 1

    await eventually(stopped, what="the stop")
    assert before + 200 <= len(await letters(town)) < before + FLOOD
    assert not await shows(town, AFTER_FLOOD)
    # The process lives and serves what it has.
    assert town.placement.running
    assert (await ask(town, "/health/live")).is_success
    assert (await ask(town, "/v1/kims")).is_success
    status = await town.services.command("consumer", "status", "placement")
    assert status.exit_code == 1
    assert "poison" in status.output

    for _ in range(STOPS):
        so_far = len(await letters(town))
        resumed = await town.services.command("consumer", "resume", "placement")
        assert resumed.exit_code == 0, resumed.output
        await stopped_again_or_through(town, so_far)
    assert await shows(town, AFTER_FLOOD)
    # Each stop kept what it had set aside: nothing is there twice, nothing is missing.
    assert len(await letters(town)) == before + FLOOD


def careless_entry(state: KimState) -> dict[str, Any]:
    """A version of placement that keeps whatever comes: numbers of any size, names as keys."""
    return {
        **kim_entry(state),
        "valid_until": state.decree.valid_until,
        "members": state.member_count,
        "names": {state.name: len(state.name) / len(state.name)},
    }


async def waiting(town: Town, number: int) -> bool:
    return len(await letters(town)) == number


async def stopped_again_or_through(town: Town, letters_before: int) -> None:
    """Until the group after the flood shows, or the consumer went on and is stopped again."""

    async def decided() -> bool:
        more = len(await letters(town)) > letters_before
        stopped = await metric(town, "kentongan_consumer_stopped") == 1
        return await shows(town, AFTER_FLOOD) or (more and stopped)

    await eventually(decided, what="the flood's end, or another stop")


async def let_in(town: Town, size: int) -> None:
    """Let the groups' topic take records of this size."""
    name = topic_name(town.services.kafka, TOPIC)
    admin = make_admin(town.services.kafka)
    await admin.start()
    try:
        kept = {"retention.ms": "-1", "cleanup.policy": "delete", "max.message.bytes": str(size)}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs=kept)])
    finally:
        await admin.close()
