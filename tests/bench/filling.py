"""Collections filled before a case begins."""

from collections.abc import Iterable, Sequence
from typing import Any

from kentongan.storage.driver import Database

_AT_ONCE = 5_000


async def fill(database: Database, name: str, documents: Iterable[dict[str, Any]]) -> None:
    """Insert documents, of which a few thousand are in memory at a time.

    Under the database's own concern: with a weaker one, a majority read may not see them yet.
    """
    collection = database[name]
    batch: list[dict[str, Any]] = []
    for document in documents:
        batch.append(document)
        if len(batch) == _AT_ONCE:
            await collection.insert_many(batch, ordered=False)
            batch = []
    if batch:
        await collection.insert_many(batch, ordered=False)


async def copy(
    database: Database, name: str, into: Any, target: str, *stages: dict[str, Any]
) -> None:
    """Make another collection of what this one holds, on the server; the target's indexes stay.

    `into` is a database, `stages` are what comes in between.
    """
    out = {"$out": {"db": into.name, "coll": target}}
    await database[name].aggregate([*stages, out]).to_list(None)


def stored(aggregate_id: str, version: int, state: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An aggregate's document whose events are all published."""
    empty: dict[str, Sequence[Any]] = {"outbox": [], "keys": [], "decisions": []}
    return {"_id": aggregate_id, "version": version, "state": state, **empty, **more}
