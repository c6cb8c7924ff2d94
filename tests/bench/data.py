"""The events that the cases work on: the published contracts, of ordinary size, from a seed."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from kentongan.contracts.placement import ActivityVerified
from kentongan.contracts.recorded import RecordedEvent
from kentongan.contracts.registry import EXAMPLE, KimRegistered, KimUpdated
from kentongan.domain.calendar import day_in

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
BEGINNING = datetime(2026, 9, 22, 3, 0, tzinfo=UTC)
SEED = 36_71


def kim_data(number: int, members: int = 12) -> dict[str, Any]:
    """The data of a group's state event."""
    return {
        **EXAMPLE,
        "kim_id": identity(number),
        "name": f"KIM {number}",
        "nik_komunitas": f"36.71-{number:04d}",
        "member_count": members,
    }


def kim_events(amount: int, aggregates: int) -> Iterator[RecordedEvent]:
    """State events of groups in random order, each group's versions rising from 1 on."""
    generator = random.Random(SEED)
    versions: Counter[int] = Counter()
    for number in range(amount):
        kim = generator.randrange(aggregates)
        versions[kim] += 1
        type_name = (KimRegistered if versions[kim] == 1 else KimUpdated).contract.type
        data = kim_data(kim, members=3 + versions[kim] % 28)
        yield recorded(number, type_name, data["kim_id"], versions[kim], data)


def activity_events(amount: int) -> Iterator[RecordedEvent]:
    """Fact events of logbook entries, each with a key of its own."""
    first_day = day_in("36.71", BEGINNING)
    generator = random.Random(SEED)
    for number in range(amount):
        data = {
            **ActivityVerified.contract.example,
            "activity_id": f"{identity(number)}:{number}",
            "minutes": generator.randrange(15, 481),
            "date": (first_day + timedelta(days=generator.randrange(60))).isoformat(),
        }
        yield recorded(number, ActivityVerified.contract.type, data["activity_id"], 1, data)


def recorded(
    number: int, type_name: str, key: str, sequence: int, data: dict[str, Any]
) -> RecordedEvent:
    """An event as an outbox holds it."""
    return RecordedEvent(
        event_id=identity(number + 10**9),
        type=type_name,
        key=key,
        sequence=sequence,
        time=BEGINNING + timedelta(milliseconds=number),
        data=data,
        correlation_id=identity(number + 2 * 10**9),
        causation_id=identity(number + 3 * 10**9),
        traceparent=TRACE,
    )


def identity(number: int) -> str:
    """A UUID's text, scattered as random ones are, the same for the same number."""
    return str(UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128))
