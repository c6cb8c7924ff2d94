"""Journals, events and views as small as a test needs them."""

from datetime import UTC, datetime
from typing import Any

from kentongan.demo.consistency.checker import Held, Verdict, View, check_consistency
from kentongan.demo.consistency.journal import Answer, Entry, Expectation
from kentongan.demo.consistency.recounting import Recount
from kentongan.demo.consistency.topics import ObservedEvent, TopicReading
from kentongan.demo.consistency.trails import Trail

TOPIC = "registry.kims"
NOW = datetime(2026, 9, 22, 3, tzinfo=UTC)


def acknowledged(
    kim: str, version: int, *, name: str = "kim.register", event: str | None = "KimRegistered"
) -> Entry:
    entry = unanswered(kim, name=name, event=event)
    entry.answer = Answer(
        status=200,
        aggregate=kim,
        version=version,
        rule=None,
        attempts=1,
        milliseconds=4.0,
        replayed=False,
        at=NOW.isoformat(),
    )
    if event:
        entry.expectations = (Expectation(event, kim, version),)
    return entry


def unanswered(kim: str | None, *, name: str = "kim.register", event: str | None = None) -> Entry:
    return Entry(
        id=f"{kim}:{name}",
        name=name,
        method="POST",
        path=f"/v1/kims/{kim}",
        aggregate=kim,
        publishes=event,
        at=NOW.isoformat(),
    )


def fact(topic: str, name: str, key: str, sequence: int = 1, **data: Any) -> ObservedEvent:
    return ObservedEvent(
        topic=topic,
        partition=0,
        offset=0,
        id=f"{key}-{sequence}",
        source=f"urn:kentongan:36.71:{topic.split('.', maxsplit=1)[0]}",
        type=f"kentongan.{topic.split('.', maxsplit=1)[0]}.{name}.v1",
        key=key,
        sequence=sequence,
        time=NOW,
        data=data,
    )


def published(
    kim: str,
    sequence: int,
    *,
    name: str = "KimRegistered",
    offset: int = 0,
    partition: int = 0,
    event_id: str | None = None,
    **data: Any,
) -> ObservedEvent:
    return ObservedEvent(
        topic=TOPIC,
        partition=partition,
        offset=offset,
        id=event_id or f"{kim}-{sequence}",
        source="urn:kentongan:36.71:registry",
        type=f"kentongan.registry.{name}.v1",
        key=kim,
        sequence=sequence,
        time=NOW,
        data={"kim_id": kim, "status": "registered", "region": {"code": "36.71.07.1013"}, **data},
    )


def directory(**held: int) -> View:
    entries = {
        kim: Held(version, {"status": "registered", "region.code": "36.71.07.1013"})
        for kim, version in held.items()
    }
    return View("placement: kims", TOPIC, entries)


def check(
    journal: list[Entry],
    events: list[ObservedEvent],
    *views: View,
    trails: tuple[Trail, ...] = (),
    recounts: tuple[Recount, ...] = (),
    broken: tuple[str, ...] = (),
    unprompted: frozenset[str] = frozenset(),
) -> Verdict:
    reading = TopicReading(tuple(events), broken)
    return check_consistency(
        journal, reading, views, trails=trails, recounts=recounts, unprompted=unprompted
    )
