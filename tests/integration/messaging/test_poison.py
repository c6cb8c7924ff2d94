from collections.abc import Callable
from typing import Any

from kentongan.contracts.recorded import RecordedEvent
from kentongan.messaging.cloudevents import KafkaRecord, encode
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.kafka.reading import TopicReader
from tests.integration.messaging.village import (
    SERVICE,
    SOURCE,
    TRACEPARENT,
    Village,
    command,
    kim_event,
)
from tests.support.waiting import eventually

Headers = list[tuple[str, bytes | None]]
Raw = tuple[bytes | None, bytes | None, Headers]


def record_of(
    kim_id: str, name: str = "Gerendeng", *, sequence: int = 1, **data: Any
) -> KafkaRecord:
    event = kim_event(kim_id, name)
    return encode(
        RecordedEvent(
            event_id=f"{kim_id}-{sequence}",
            type=event.contract.type,
            key=kim_id,
            sequence=sequence,
            time=command("kim.register").now,
            data={**event.model_dump(mode="json"), **data},
            correlation_id="correlation",
            causation_id="causation",
            traceparent=TRACEPARENT,
        ),
        source=SOURCE,
    )


def raw(record: KafkaRecord, change: Callable[[Headers], Headers] = lambda headers: headers) -> Raw:
    return record.key, record.value, change(list(record.headers))


def with_header(name: str, value: bytes | None) -> Callable[[Headers], Headers]:
    def change(headers: Headers) -> Headers:
        return [*((key, old) for key, old in headers if key != name), (name, value)]

    return change


def poisonous() -> dict[str, Raw]:
    """Records that can't be applied, by the reason that they are set aside for."""
    good = record_of("kim-bad")
    return {
        "header-missing": raw(good, lambda headers: headers[:-4]),
        "header-null": raw(good, with_header("ce_id", None)),
        "header-not-utf8": raw(good, with_header("ce_source", b"\xff\xfe")),
        "key-missing": (None, good.value, list(good.headers)),
        "schema": (good.key, b"no JSON at all", list(good.headers)),
        "unencodable": raw(record_of("kim-huge", member_count=2**70)),
        "key-mismatch": (
            b"kim-other",
            good.value,
            with_header("ce_partitionkey", b"kim-other")(list(good.headers)),
        ),
    }


async def test_poison_is_set_aside_once_and_its_neighbours_are_applied(village: Village) -> None:
    await village.consumer()
    bad = poisonous()
    records: list[Raw] = []
    for number, record in enumerate(bad.values()):
        records += [raw(record_of(f"kim-{number}")), record]
    records.append(raw(record_of("kim-last")))

    await village.publish_raw(records)

    await eventually(lambda: village.knows("kim-last", "Gerendeng"))

    async def all_applied() -> bool:
        return await village.directory.count() == len(bad) + 1

    async def all_set_aside() -> bool:
        return await village.dead_letters.count() == len(bad)

    await eventually(all_applied)
    await eventually(all_set_aside)
    letters = await village.dead_letters.list()
    assert sorted(letter.reason for letter in letters) == sorted(bad)
    by_reason = {letter.reason: letter for letter in letters}
    for reason, (key, value, headers) in bad.items():
        assert (by_reason[reason].key, by_reason[reason].value) == (key, value)
        assert list(by_reason[reason].headers) == headers


async def test_a_record_over_a_megabyte_and_a_type_of_nobody_stop_nothing(village: Village) -> None:
    await village.consumer()
    good = record_of("kim-1")
    await village.publish_raw(
        [
            (b"kim-big", b'{"padding": "' + b"x" * 999_000 + b'"}', list(good.headers)),
            raw(good, with_header("ce_type", b"kentongan.registry.KimPainted.v1")),
            raw(record_of("kim-2")),
        ]
    )

    await eventually(lambda: village.knows("kim-2", "Gerendeng"))
    assert await village.directory.count() == 1

    async def one_letter() -> bool:
        return await village.dead_letters.count() == 1

    # Its key isn't the one that its headers name; the unknown type is skipped, not set aside.
    await eventually(one_letter)


async def test_dead_letters_are_copied_to_their_topic_with_their_reason(village: Village) -> None:
    await village.consumer()
    await village.relay()
    key, value, headers = poisonous()["header-null"]
    await village.publish_raw([(key, value, headers)])

    async def copied() -> bool:
        waiting = await village.dead_letters.count() == 1
        return waiting and not await village.dead_letters.pending(1)

    await eventually(copied)
    name = topics.dead_letter_topic(village.kafka, SERVICE)
    async with TopicReader(village.kafka, [name], client_id="test") as reader:
        copies = [
            record
            async for batch in reader.read(await reader.beginnings(), await reader.ends())
            for record in batch
        ]
    assert [(copy.key, copy.value) for copy in copies] == [(key, value)]
    assert ("ce_id", None) in copies[0].headers
    assert dict(copies[0].headers)["dl_reason"] == b"header-null"


async def test_a_letter_names_its_place_in_the_topic(village: Village) -> None:
    await village.consumer()
    await village.publish_raw([(b"kim-x", b"{}", [])])

    async def one_letter() -> bool:
        return await village.dead_letters.count() == 1

    await eventually(one_letter)
    (letter,) = await village.dead_letters.list()
    name = topics.topic_name(village.kafka, "registry.kims")
    assert letter.id == f"{group_id(village.kafka, SERVICE)}:{name}:{letter.partition}:0"
