"""Operators' state that must outlive the process: which consumers are stopped, and why."""

from kentongan.domain.clock import utc_now
from kentongan.storage.driver import Database, Translating

COLLECTION = "stopped_consumers"


class StoppedConsumers:
    """The flood stop of one consumer group: `{_id: group, reason, at}` while it is stopped."""

    def __init__(self, database: Database, group: str) -> None:
        self.group = group
        self._collection = database[COLLECTION]

    async def stop(self, reason: str) -> None:
        """Stop the group in all its processes; the first reason stays."""
        entry = {"reason": reason, "at": utc_now()}
        with Translating():
            await self._collection.update_one(
                {"_id": self.group}, {"$setOnInsert": entry}, upsert=True
            )

    async def resume(self) -> bool:
        """Let the group go on; False where it wasn't stopped."""
        with Translating():
            result = await self._collection.delete_one({"_id": self.group})
        return bool(result.deleted_count)

    async def stopped(self) -> str | None:
        """The reason, while the group is stopped."""
        with Translating():
            found = await self._collection.find_one({"_id": self.group})
        return str(found["reason"]) if found else None
