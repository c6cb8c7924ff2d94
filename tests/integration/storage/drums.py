"""An aggregate to store: a village's drum, and what is recorded when it is struck."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, Field

from kentongan.contracts.event import Event, Kind, Topic, event
from kentongan.domain import CommandContext, Decision, DomainError, IdempotencyKey
from kentongan.storage.aggregates.store import AggregateStore, Index, Stored
from kentongan.storage.driver import Database

NOW = datetime(2026, 9, 22, 3, 0, tzinfo=UTC)
DRUMS = Topic(
    name="test.drums", service="test", key="drum_id", kind=Kind.STATE, description="Drums."
)
SEAT = Index(
    keys=(("state.village", 1),),
    name="seat",
    unique=True,
    partial={"state.village": {"$type": "string"}},
)


class Wood(StrEnum):
    JACKFRUIT = "jackfruit"
    BAMBOO = "bamboo"


class Drum(BaseModel):
    beats: int = 0
    village: str | None = None
    carved: date = date(2026, 1, 2)
    wood: Wood = Wood.BAMBOO
    tones: set[str] = Field(default_factory=lambda: {"titir", "doro"})
    extra: dict[str, Any] = Field(default_factory=dict)


@event(DRUMS, trigger="Somebody strikes it.", readers=(), example={"drum_id": "d", "beats": 1})
class DrumStruck(Event):
    drum_id: str
    beats: int
    text: str = ""


class DrumIsSplit(DomainError):
    rule = "drum.split"


def drum_store(database: Database, name: str = "drums", **options: Any) -> AggregateStore[Drum]:
    return AggregateStore(database, name, Drum, indexes=(SEAT,), **options)


def command(
    name: str = "drum.strike",
    *,
    key: str | None = None,
    payload: str = "payload",
    if_match: int | None = None,
    now: datetime = NOW,
) -> CommandContext:
    return CommandContext(
        name=name,
        actor="lurah-1",
        now=now,
        correlation_id="correlation",
        causation_id="causation",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        idempotency=IdempotencyKey(key, payload) if key else None,
        expected_version=if_match,
    )


def carve(drum_id: str, **state: Any) -> Decision[Drum]:
    drum = Drum(**state)
    return Decision(drum, "drum.carve", DrumStruck(drum_id=drum_id, beats=drum.beats))


def strike(drum_id: str, *, text: str = "") -> Callable[[Drum], Decision[Drum]]:
    def decide(drum: Drum) -> Decision[Drum]:
        struck = drum.model_copy(update={"beats": drum.beats + 1})
        event = DrumStruck(drum_id=drum_id, beats=struck.beats, text=text)
        return Decision(struck, "drum.strike", event, note="once more")

    return decide


def receipt(stored: Stored[Drum]) -> dict[str, Any]:
    return {
        "id": stored.id,
        "version": stored.version,
        "beats": stored.state.beats,
        "carved": stored.state.carved,
    }


async def raw(database: Database, drum_id: str, collection: str = "drums") -> dict[str, Any]:
    document = await database[collection].find_one({"_id": drum_id})
    assert document is not None
    return document
