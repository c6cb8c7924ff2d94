"""What the server says of itself when it is greeted: that it is there, its set, and its clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kentongan.domain.clock import utc_now
from kentongan.storage.driver.connection import Database
from kentongan.storage.driver.failures import Translating


@dataclass(frozen=True, slots=True)
class Greeting:
    """The primary's answer to `hello`."""

    replica_set: str | None
    members: tuple[str, ...]
    sharded: bool
    clock_difference: float
    """Seconds that the server's clock is ahead of ours, as seen in the middle of the round trip."""
    round_trip: float


async def greet(database: Database, clock: Callable[[], datetime] = utc_now) -> Greeting:
    """Ask the primary for a sign of life and its time. Raises StorageUnavailable."""
    asked, began = clock(), time.monotonic()
    with Translating():
        said: dict[str, Any] = await database.command("hello")
    round_trip = time.monotonic() - began
    theirs: datetime = said["localTime"].replace(tzinfo=UTC)
    return Greeting(
        replica_set=said.get("setName"),
        members=tuple(said.get("hosts", ())),
        sharded=said.get("msg") == "isdbgrid",
        clock_difference=(theirs - asked).total_seconds() - round_trip / 2,
        round_trip=round_trip,
    )
