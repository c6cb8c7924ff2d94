"""Handing to the relay once more what an aggregate has told, as an ordinary entry of its outbox."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from kentongan.storage.aggregates.document import DecisionEntry, Stored
from kentongan.storage.driver import Database, Document, Translating, UpdateOne

S = TypeVar("S", bound=BaseModel)
PAGE = 200


@dataclass(frozen=True, slots=True)
class WithDecisions(Generic[S]):
    """An aggregate as it is stored, and all that was ever decided about it, oldest first."""

    stored: Stored[S]
    decisions: tuple[DecisionEntry, ...]
    waits: bool
    """Whether something of it is still on its way to Kafka."""


class Republishing(Generic[S]):
    """One collection, seen by a republication."""

    def __init__(self, database: Database, collection: str, state: type[S]) -> None:
        self._collection = database[collection]
        self._state = state

    async def pages(self, only: str | None = None) -> AsyncIterator[list[WithDecisions[S]]]:
        """All aggregates, or one, some at a time. Raises StorageUnavailable."""
        after: Document = {}
        while True:
            query: Document = {"_id": only} if only is not None else after
            found = await self._read(query)
            if found:
                yield found
            if only is not None or len(found) < PAGE:
                return
            after = {"_id": {"$gt": found[-1].stored.id}}

    async def again(self, keys: Sequence[str]) -> list[WithDecisions[S]]:
        """Those of them that there are, as they are now."""
        return await self._read({"_id": {"$in": list(keys)}})

    async def hand_over(
        self, entries: Mapping[str, tuple[int, Sequence[Document]]], at: datetime, run: str
    ) -> set[str]:
        """By key: the version that was read, and what to publish of it.

        Nothing is handed over where a command was quicker, or where something still waits: what
        is older must not be told after what is newer. Returns the keys of what was.
        """
        bulk = [
            UpdateOne(
                {"_id": key, "version": version, "pending_since": {"$exists": False}},
                {
                    "$push": {"outbox": {"$each": list(some)}},
                    "$set": {"republished": run},
                    "$min": {"pending_since": at},
                },
            )
            for key, (version, some) in entries.items()
        ]
        if not bulk:
            return set()
        marked = {"_id": {"$in": list(entries)}, "republished": run}
        with Translating():
            await self._collection.bulk_write(bulk, ordered=False)
            found = await self._collection.find(marked, {"_id": 1}).to_list(None)
        return {document["_id"] for document in found}

    async def waiting(self, run: str) -> int:
        """How many aggregates have something of this run on its way."""
        query = {"pending_since": {"$exists": True}, "outbox.causation_id": run}
        with Translating():
            return await self._collection.count_documents(query)

    async def _read(self, query: Document) -> list[WithDecisions[S]]:
        wanted = dict.fromkeys(("state", "version", "decisions", "pending_since"), 1)
        with Translating():
            cursor = self._collection.find(query, wanted).sort("_id", 1).limit(PAGE)
            documents = await cursor.to_list(None)
        return [self._aggregate(document) for document in documents]

    def _aggregate(self, document: Mapping[str, Any]) -> WithDecisions[S]:
        state = self._state.model_validate(document["state"])
        return WithDecisions(
            Stored(document["_id"], document["version"], state),
            tuple(DecisionEntry(**entry) for entry in document["decisions"]),
            "pending_since" in document,
        )
