"""Wake-ups between the processes of a service: a step runs in one, what wakes it lands in any."""

from kentongan.storage.driver import Database, Translating

COLLECTION = "wake_ups"


class WakeUps:
    """Documents `{_id: task, times}`. A hint: one that is lost costs time, never a result."""

    def __init__(self, database: Database) -> None:
        self._collection = database[COLLECTION]

    async def leave(self, task: str) -> None:
        """Have the process that leads the task look for work. Raises StorageUnavailable."""
        with Translating():
            await self._collection.update_one({"_id": task}, {"$inc": {"times": 1}}, upsert=True)

    async def all_times(self) -> dict[str, int]:
        """How often each task was woken by now: once more, and somebody did.

        Raises StorageUnavailable.
        """
        with Translating():
            found = await self._collection.find({}).to_list(None)
        return {one["_id"]: int(one["times"]) for one in found}
