"""What lies in the topics, read as any integrator would: a Kafka client, from the beginning."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kentongan.messaging.cloudevents import BrokenEnvelope, decode
from kentongan.messaging.kafka.reading import TopicReader
from kentongan.messaging.kafka.topics import topic_name
from kentongan.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class ObservedEvent:
    """One record of a topic, decoded. Repeats of an event are records of their own."""

    topic: str
    """Without prefix."""
    partition: int
    offset: int
    id: str
    source: str
    type: str
    key: str
    sequence: int
    time: datetime
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """`KimRegistered` of `kentongan.registry.KimRegistered.v1`."""
        return self.type.split(".")[-2] if self.type.count(".") > 1 else self.type

    @property
    def identity(self) -> tuple[str, str]:
        """What tells events apart (integrators' promise): source and id."""
        return self.source, self.id


@dataclass(frozen=True, slots=True)
class TopicReading:
    """All records of some topics up to the ends that they had when the reading began."""

    events: tuple[ObservedEvent, ...]
    """In log order within each partition."""
    broken: tuple[str, ...]
    """Records that are no event: `topic:partition:offset reason`."""

    def of(self, topic: str) -> list[ObservedEvent]:
        """The records of one topic."""
        return [event for event in self.events if event.topic == topic]

    def distinct(self, topic: str) -> list[ObservedEvent]:
        """The events of one topic in the order of first occurrence, repeats left out."""
        first: dict[tuple[str, str], ObservedEvent] = {}
        for event in self.of(topic):
            first.setdefault(event.identity, event)
        return list(first.values())


async def read_topics(settings: KafkaSettings, topics: Iterable[str]) -> TopicReading:
    """Read topics (named without prefix) from the beginning to their present ends."""
    events: list[ObservedEvent] = []
    broken: list[str] = []
    names = {topic_name(settings, topic): topic for topic in topics}
    async with TopicReader(settings, names, client_id="kentongan-demo") as reader:
        async for batch in reader.read(await reader.beginnings(), await reader.ends()):
            for record in batch:
                try:
                    events.append(_observed(record, names[record.topic]))
                except (BrokenEnvelope, ValueError) as error:
                    broken.append(f"{record.topic}:{record.partition}:{record.offset} {error}")
    return TopicReading(tuple(events), tuple(broken))


def _observed(record: Any, topic: str) -> ObservedEvent:
    envelope = decode(record.headers, record.key, record.value)
    data = json.loads(envelope.data)
    if not isinstance(data, dict):
        raise ValueError("the data is no object")  # noqa: TRY004 - wrong data, not a wrong call
    return ObservedEvent(
        topic=topic,
        partition=record.partition,
        offset=record.offset,
        id=envelope.id,
        source=envelope.source,
        type=envelope.type,
        key=envelope.key,
        sequence=envelope.sequence,
        time=envelope.time,
        data=data,
    )
