"""A restored database: its aggregates are older than what their events have told the world."""

from collections.abc import Mapping, Sequence

from kentongan.storage.driver import Database, Translating, UpdateOne

FLOORS = "version_floors"
_AT_ONCE = 1_000


class VersionFloors:
    """Documents `{_id: key, version}`: what was published of aggregates that the database lost.

    An aggregate that is created anew under such a key begins above it. Nearly always there are
    none; they are read once a process, before its first creation.
    """

    def __init__(self, database: Database) -> None:
        self._collection = database[FLOORS]
        self._known: dict[str, int] | None = None

    async def first_version(self, key: str) -> int:
        """The version that a new aggregate begins with."""
        if self._known is None:
            with Translating():
                floors = await self._collection.find().to_list(None)
            self._known = {floor["_id"]: floor["version"] for floor in floors}
        return self._known.get(key, 0) + 1

    async def raise_to(self, newest: Mapping[str, int]) -> None:
        """Keep the newest sequence of each key, never a lower one. Safe to repeat."""
        updates = [
            UpdateOne({"_id": key}, {"$max": {"version": version}}, upsert=True)
            for key, version in sorted(newest.items())
        ]
        for start in range(0, len(updates), _AT_ONCE):
            with Translating():
                await self._collection.bulk_write(updates[start : start + _AT_ONCE], ordered=False)


async def raise_versions(
    database: Database, collections: Sequence[str], newest: Mapping[str, int]
) -> tuple[int, list[str]]:
    """Raise each aggregate's version to the newest sequence of its key, never lower it.

    Keys that no collection has get a floor, for the case that they are entered again. Returns
    how many were raised, and those keys. Safe to repeat.
    """
    raised = 0
    missing = set(newest)
    keys = sorted(newest)
    for name in collections:
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            with Translating():
                found = await database[name].find({"_id": {"$in": some}}, {"_id": 1}).to_list(None)
                missing.difference_update(document["_id"] for document in found)
                result = await database[name].bulk_write(
                    [
                        UpdateOne(
                            {"_id": key, "version": {"$lt": newest[key]}},
                            {"$set": {"version": newest[key]}},
                        )
                        for key in some
                    ],
                    ordered=False,
                )
            raised += result.modified_count
    await VersionFloors(database).raise_to({key: newest[key] for key in missing})
    return raised, sorted(missing)
