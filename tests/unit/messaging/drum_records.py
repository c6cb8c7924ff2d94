"""Records of a small contract, and read models in memory."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kentongan.contracts.event import Event, Kind, Topic, event
from kentongan.contracts.recorded import RecordedEvent
from kentongan.messaging.cloudevents import Envelope, encode
from kentongan.storage.errors import UnencodableDocument
from kentongan.storage.projections.projection import Applied, Projection

DRUMS = Topic("test.drums", "test", "drum_id", Kind.STATE, "Drums.")


@event(DRUMS, trigger="Somebody strikes it.", readers=(), example={"drum_id": "d", "beats": 1})
class DrumStruck(Event):
    drum_id: str
    beats: int


@dataclass
class Record:
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    timestamp: int = 0


def record(offset: int, drum_id: str = "drum", **data: Any) -> Record:
    recorded = RecordedEvent(
        event_id=f"event-{offset}",
        type=DrumStruck.contract.type,
        key=drum_id,
        sequence=offset + 1,
        time=datetime(2026, 9, 22, tzinfo=UTC),
        data={"drum_id": drum_id, "beats": offset, **data},
        correlation_id="correlation",
        causation_id="causation",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    encoded = encode(recorded, source="urn:kentongan:36.71:test")
    return Record(DRUMS.name, 0, offset, encoded.key, encoded.value, encoded.headers)


@dataclass
class BeatsInMemory:
    """A read model that refuses some beats, as a database would."""

    name: str = "beats"
    events: tuple[type[Event], ...] = (DrumStruck,)
    topics: tuple[str, ...] = (DRUMS.name,)
    collection: str = "ledger.beats"
    refused: dict[int, list[Exception]] = field(default_factory=dict)
    """What a write that holds this beat raises, one after the other; the last again and again."""
    kept: list[int] = field(default_factory=list)
    writes: list[int] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def projection(self) -> Projection:
        raise NotImplementedError

    def entry(self, envelope: Envelope, event: Event) -> int:
        assert isinstance(event, DrumStruck)
        if event.beats < 0:
            raise ValueError("no such beat")
        return event.beats

    async def apply(self, entries: Sequence[int]) -> Applied:
        self.writes.append(len(entries))
        self.begun.set()
        for beat in entries:
            if failures := self.refused.get(beat):
                raise failures.pop(0) if len(failures) > 1 else failures[0]
        self.kept.extend(entries)
        return Applied(len(entries), len(entries))

    def shadow(self) -> "BeatsInMemory":
        return BeatsInMemory()


def unencodable() -> list[Exception]:
    return [UnencodableDocument("2^70")]
