"""A lease: one holder at a time leads, by the server's clock, and a sleeper finds out by itself.

It keeps work from being done twice, nothing more: what leaders do must be safe twice all the same.
"""

import time
from uuid import uuid4

from kentongan.storage.driver import Database, Document, Translating, update_and_read

COLLECTION = "leases"


class Lease:
    """Document `{_id: name, holder, expires_at, term}`; `term` counts the changes of holder.

    `ttl` is in seconds. The holder judges itself by a monotonic clock that starts before the
    request does, so it stops believing no later than the server does.
    """

    def __init__(self, database: Database, name: str, holder: str, *, ttl: float = 10.0) -> None:
        self.name = name
        self.holder = holder
        self.ttl = ttl
        self._collection = database[COLLECTION]
        self._held_until = 0.0

    @property
    def held(self) -> bool:
        """Whether this holder may still act; ask again after each wait."""
        return time.monotonic() < self._held_until

    async def acquire(self) -> bool:
        """Take the lease if it is free, expired or already ours. Raises StorageUnavailable."""
        free = {"$lte": [{"$ifNull": ["$expires_at", "$$NOW"]}, "$$NOW"]}
        return await self._take({"$or": [self._ours, free]})

    async def renew(self) -> bool:
        """Prolong it while it is ours and has not run out; else change nothing and say False."""
        return await self._take({"$and": [self._ours, {"$gt": ["$expires_at", "$$NOW"]}]})

    async def release(self) -> None:
        """Let it go at once, so that the next leader needn't wait; harmless if it isn't ours."""
        self._held_until = 0.0
        with Translating():
            await self._collection.update_one(
                {"_id": self.name, "holder": self.holder}, [{"$set": {"expires_at": "$$NOW"}}]
            )

    async def taken(self) -> bool:
        """Whether anybody holds it, by the server's clock. Raises StorageUnavailable."""
        held = {"$expr": {"$gt": ["$expires_at", "$$NOW"]}}
        with Translating():
            return await self._collection.find_one({"_id": self.name, **held}, {}) is not None

    @property
    def _ours(self) -> Document:
        return {"$eq": ["$holder", {"$literal": self.holder}]}

    async def _take(self, condition: Document) -> bool:
        asked_at = time.monotonic()
        grant = str(uuid4())
        term: Document = {"$ifNull": ["$term", 0]}
        taken = {
            "_id": "$_id",
            "holder": {"$literal": self.holder},
            "expires_at": {"$add": ["$$NOW", round(self.ttl * 1000)]},
            "term": {"$cond": [self._ours, term, {"$add": [term, 1]}]},
            "grant": grant,
        }
        became = await update_and_read(
            self._collection,
            self.name,
            [{"$replaceWith": {"$cond": [condition, taken, "$$ROOT"]}}],
        )
        granted = bool(became.get("grant") == grant)
        self._held_until = asked_at + self.ttl if granted else 0.0
        return granted
