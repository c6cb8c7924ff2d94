"""What directory and ledger have in common: a collection built from events, that may be rebuilt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kentongan.storage.driver import (
    Collection,
    Database,
    Document,
    Translating,
    aggregate,
    create_index,
    promote_collection,
)
from kentongan.storage.indexes import Index, Layout

Sort = Sequence[tuple[str, int]]
SHADOW = ".shadow"


@dataclass(frozen=True, slots=True)
class Applied:
    """How many entries came in, and how many of them were new (the rest were repeats or older)."""

    received: int
    written: int


class Projection:
    """A collection that events fill. It can be thrown away at any time and filled again."""

    def __init__(self, database: Database, collection: str, indexes: Sequence[Index]) -> None:
        if any(index.unique for index in indexes):
            raise ValueError(f"{collection}: a read model refuses nothing, so no index is unique")
        self.collection_name = collection
        self.indexes = tuple(indexes)
        self._database = database

    @property
    def _collection(self) -> Collection:
        return self._database[self.collection_name]

    @property
    def layout(self) -> Layout:
        """What `storage apply` makes."""
        return Layout(self.collection_name, self.indexes)

    async def count(self, query: Document | None = None) -> int:
        """How many entries match; all without a query."""
        with Translating():
            return await self._collection.count_documents(query or {})

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """Figures over the entries."""
        return await aggregate(self._collection, pipeline)

    async def promote(self) -> None:
        """Let this shadow take its original's place, in one step; readers see old or new, whole."""
        if not self.collection_name.endswith(SHADOW):
            raise ValueError(f"{self.collection_name} is no shadow")
        target = self.collection_name.removesuffix(SHADOW)
        await promote_collection(self._database, self.collection_name, target)

    async def start_over(self) -> None:
        """Empty the collection by dropping it, and make it anew with its indexes."""
        with Translating():
            await self._database.drop_collection(self.collection_name)
            await self._database.create_collection(self.collection_name)
        for index in self.indexes:
            await create_index(self._collection, index)

    async def _find(self, query: Document, sort: Sort, limit: int) -> list[dict[str, Any]]:
        with Translating():
            cursor = self._collection.find(query).sort(list(sort)).limit(limit)
            return await cursor.to_list(None)
