"""Facts in number that publish nothing: documents with natural ids, written by the thousand.

What records events is an aggregate (`aggregates/store.py`); what is only kept and counted, such as
the deliveries of a content, would pay for an outbox that it never uses.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kentongan.storage.driver import (
    Database,
    Document,
    Translating,
    UpdateOne,
    aggregate,
    duplicates_only,
)
from kentongan.storage.indexes import Index, Layout

Sort = Sequence[tuple[str, int]]
Update = Document | list[Document]
"""An update document (`$set` and its like), or a pipeline evaluated on the server."""


class FactStore:
    """A collection of facts. The natural `_id` makes the rule: what is there is not made twice.

    Writes are acknowledged once a majority has them in its journal. Every method may raise
    StorageUnavailable, and every write UnencodableDocument.
    """

    def __init__(
        self, database: Database, collection: str, *, indexes: Sequence[Index] = ()
    ) -> None:
        self.name = collection
        self.indexes = tuple(indexes)
        self._collection = database[collection]

    @property
    def layout(self) -> Layout:
        """What `storage apply` makes."""
        return Layout(self.name, self.indexes)

    async def insert_new(self, documents: Sequence[Document]) -> int:
        """Insert those whose `_id` is new, in one unordered bulk; how many were. Safe to repeat."""
        if not documents:
            return 0
        try:
            with Translating():
                await self._collection.insert_many(documents, ordered=False)
        except Exception as error:
            repeated = duplicates_only(error)
            if repeated is None:
                raise
            return len(documents) - repeated
        return len(documents)

    async def get(self, fact_id: str) -> Document | None:
        """One fact, or None."""
        with Translating():
            found: Document | None = await self._collection.find_one({"_id": fact_id})
        return found

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sort = (("_id", 1),),
        limit: int,
        fields: Sequence[str] | None = None,
    ) -> list[Document]:
        """Facts by a query; a `limit` of 0 is no limit; only `fields` (and `_id`) where given."""
        # An empty projection would be none at all: the id is always named.
        projection = dict.fromkeys(("_id", *fields), 1) if fields is not None else None
        with Translating():
            cursor = self._collection.find(query, projection).sort(list(sort)).limit(limit)
            return await cursor.to_list(None)

    async def count(self, query: Mapping[str, Any]) -> int:
        """How many facts match."""
        with Translating():
            return await self._collection.count_documents(query)

    async def update(self, query: Mapping[str, Any], update: Update) -> int:
        """Change all facts that match; how many matched. Put the guard into the query."""
        with Translating():
            result = await self._collection.update_many(query, update)
        return result.matched_count

    async def update_each(self, updates: Sequence[tuple[Mapping[str, Any], Update]]) -> int:
        """Many guarded updates of one fact each, in one unordered bulk; how many matched."""
        if not updates:
            return 0
        bulk = [UpdateOne(dict(query), update) for query, update in updates]
        with Translating():
            result = await self._collection.bulk_write(bulk, ordered=False)
        return result.matched_count

    async def delete(self, query: Mapping[str, Any]) -> int:
        """Remove the facts that match; how many did."""
        with Translating():
            result = await self._collection.delete_many(query)
        return result.deleted_count

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """Figures over the facts."""
        return await aggregate(self._collection, pipeline)
