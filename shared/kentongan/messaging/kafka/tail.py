"""Following the stream of facts from outside any group, for people: `kentongan events tail`."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kentongan.contracts.catalogue import Catalogue
from kentongan.messaging.cloudevents import BrokenEnvelope, Envelope, decode
from kentongan.messaging.kafka.reading import Offsets, TopicReader
from kentongan.messaging.kafka.topics import topic_name
from kentongan.settings import KafkaSettings

Start = Literal["beginning", "now"] | datetime


@dataclass(frozen=True, slots=True)
class TailedEvent:
    """One event and where it lies. `data` is JSON, as published."""

    topic: str
    partition: int
    offset: int
    envelope: Envelope

    @property
    def name(self) -> str:
        """The event's short name: `KimRegistered`."""
        return (
            self.envelope.type.split(".")[-2] if "." in self.envelope.type else self.envelope.type
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events to show; an empty filter shows all. A type by its short or its full name."""

    types: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()

    def lets_pass(self, event: TailedEvent) -> bool:
        """Whether to show this event."""
        named = not self.types or not self.types.isdisjoint((event.name, event.envelope.type))
        return named and (not self.keys or event.envelope.key in self.keys)


async def tail(
    settings: KafkaSettings,
    catalogue: Catalogue,
    *,
    topics: Iterable[str] = (),
    only: Filter | None = None,
    start: Start = "now",
    follow: bool = True,
) -> AsyncIterator[TailedEvent]:
    """Events in the order in which the broker hands them over: exact within a key, near it across.

    `topics` without prefix, all of the catalogue if none. Without `follow` it ends where the topics
    ended when it began. Records that are no event are passed over. Raises KafkaError.
    """
    only = only or Filter()
    names = [topic_name(settings, topic) for topic in (tuple(topics) or sorted(catalogue.topics))]
    async with TopicReader(settings, names, client_id="kentongan-tail") as reader:
        begin = await _offsets(reader, start)
        batches = reader.follow(begin) if follow else reader.read(begin, await reader.ends())
        async for records in batches:
            # Partitions come one after the other; within a batch their times can be put in order.
            for record in sorted(records, key=lambda record: record.timestamp):
                event = _event(record)
                if event is not None and only.lets_pass(event):
                    yield event


async def count_events(settings: KafkaSettings, topics: Iterable[str]) -> dict[str, int]:
    """How many records each topic holds, by its name without prefix: nothing is ever deleted."""
    wanted = {topic_name(settings, topic): topic for topic in topics}
    counts = dict.fromkeys(wanted.values(), 0)
    async with TopicReader(settings, wanted, client_id="kentongan-count") as reader:
        beginnings, ends = await reader.beginnings(), await reader.ends()
    for partition, end in ends.items():
        counts[wanted[partition.topic]] += end - beginnings[partition]
    return counts


async def _offsets(reader: TopicReader, start: Start) -> Offsets:
    if start == "beginning":
        return await reader.beginnings()
    if isinstance(start, datetime):
        return await reader.offsets_at(round(start.timestamp() * 1000))
    return await reader.ends()


def _event(record: Any) -> TailedEvent | None:
    try:
        envelope = decode(record.headers, record.key, record.value)
    except BrokenEnvelope:
        return None
    return TailedEvent(record.topic, record.partition, record.offset, envelope)
