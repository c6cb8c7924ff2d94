"""What directory and ledger have in common: a collection built from events, that may be rebuilt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from kentongan.storage.driver import (
    Collection,
    Database,
    Document,
    Translating,
    aggregate,
    collection_identities,
    create_index,
    is_missing_collection,
    promote_collection,
)
from kentongan.storage.errors import BuildLost
from kentongan.storage.indexes import Index, Layout

Sort = Sequence[tuple[str, int]]
_SHADOW = ".shadow."


def shadow_name(name: str) -> str:
    """A new one each time: who was taken for dead and goes on shares nothing with the next."""
    return f"{name}{_SHADOW}{token_hex(4)}"


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

    async def promote(self, identity: str) -> None:
        """Let this shadow take its original's place, in one step; readers see old or new, whole.

        `identity` is what `start_over` returned. Raises BuildLost where another builder started
        over since; then nothing is changed.
        """
        if not self._is_shadow:
            raise ValueError(f"{self.collection_name} is no shadow")
        if await self.identity() != identity:
            raise BuildLost(self.collection_name)
        target = self.collection_name.rpartition(_SHADOW)[0]
        try:
            await promote_collection(self._database, self.collection_name, target)
        except Exception as error:
            if is_missing_collection(error):
                raise BuildLost(self.collection_name) from error
            raise

    async def identity(self) -> str | None:
        """The server's own id of the collection, which a rename leaves as it is; None without."""
        name = self.collection_name
        return (await collection_identities(self._database, [name])).get(name)

    async def start_over(self) -> str:
        """Empty the collection by dropping it, and make it anew with its indexes.

        A shadow drops those of all other builders too. Returns the new identity. Raises BuildLost
        where another builder did the same at once.
        """
        await (self._drop_shadows() if self._is_shadow else self.drop())
        with Translating():
            await self._database.create_collection(self.collection_name)
        for index in self.indexes:
            await create_index(self._collection, index)
        identity = await self.identity()
        if identity is None:
            raise BuildLost(self.collection_name)
        return identity

    async def drop(self) -> None:
        """Drop the collection, if it is there."""
        with Translating():
            await self._database.drop_collection(self.collection_name)

    async def _drop_shadows(self) -> None:
        shadows = self.collection_name.rpartition(_SHADOW)[0] + _SHADOW
        with Translating():
            for name in await self._database.list_collection_names():
                if name.startswith(shadows):
                    await self._database.drop_collection(name)

    @property
    def _is_shadow(self) -> bool:
        return _SHADOW in self.collection_name

    async def _find(self, query: Document, sort: Sort, limit: int) -> list[dict[str, Any]]:
        with Translating():
            cursor = self._collection.find(query).sort(list(sort)).limit(limit)
            return await cursor.to_list(None)
