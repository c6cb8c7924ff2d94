"""Where topics begin: nothing is ever deleted, so one that begins above 0 has lost its head."""

from collections.abc import Iterable
from dataclasses import dataclass

from kentongan.messaging.kafka.reading import Offsets, TopicReader
from kentongan.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class LostBeginning:
    """A partition without its first records; `str()` says it to a person."""

    topic: str
    partition: int
    begins_at: int

    def __str__(self) -> str:
        return f"partition {self.partition} begins at {self.begins_at}: what was before is gone"


def above_zero(beginnings: Offsets) -> list[LostBeginning]:
    """Those partitions that begin above offset 0, in order."""
    return [
        LostBeginning(place.topic, place.partition, offset)
        for place, offset in sorted(beginnings.items())
        if offset > 0
    ]


async def lost_beginnings(settings: KafkaSettings, topics: Iterable[str]) -> list[LostBeginning]:
    """The same of topics by their names on the cluster. Raises KafkaError, TopicsNotReady."""
    names = tuple(topics)
    if not names:
        return []
    async with TopicReader(settings, names, client_id="kentongan-plan") as reader:
        return above_zero(await reader.beginnings())
