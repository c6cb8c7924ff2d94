"""What MongoDB does for a service, by its own profiler: what it scanned, handed out and took in."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from kentongan.storage.driver import Database


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that MongoDB answered; `scanned` where it walked through all documents."""

    collection: str
    handed_out: int
    inserted: int
    scanned: bool


@dataclass(slots=True)
class Profile:
    """All requests to one database, in the order in which they ended."""

    operations: Sequence[Operation] = field(default_factory=tuple)

    def on(self, collection: str) -> list[Operation]:
        return [each for each in self.operations if each.collection == collection]


@asynccontextmanager
async def profiled(database: Database) -> AsyncIterator[Profile]:
    """Filled when the context ends."""
    profile = Profile()
    await database.command("profile", 2)
    try:
        yield profile
    finally:
        await database.command("profile", 0)
    found = await database["system.profile"].find({}).sort("ts", 1).to_list(None)
    profile.operations = [
        Operation(
            collection=each["ns"].partition(".")[2],
            handed_out=each.get("nreturned", 0),
            inserted=each.get("ninserted", 0),
            scanned="COLLSCAN" in each.get("planSummary", ""),
        )
        for each in found
    ]
