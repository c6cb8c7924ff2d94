"""The reading half of the aggregate store: projected, so that the history costs nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from kentongan.domain import CommandContext
from kentongan.storage.aggregates.document import STATE_ONLY, DecisionEntry, Stored
from kentongan.storage.aggregates.receipts import Outcome, only_matching, replay
from kentongan.storage.driver import Database, Document, Translating, aggregate
from kentongan.storage.errors import AggregateNotFound
from kentongan.storage.indexes import Index, Layout
from kentongan.storage.outbox import PENDING_INDEX

S = TypeVar("S", bound=BaseModel)
Sort = Sequence[tuple[str, int]]


class AggregateReading(Generic[S]):
    """Queries over the aggregates of one collection, as a majority has them."""

    def __init__(
        self, database: Database, collection: str, state: type[S], indexes: Sequence[Index]
    ) -> None:
        self.name = collection
        self.indexes = (*indexes, PENDING_INDEX)
        self._collection = database[collection]
        self._state = state

    @property
    def layout(self) -> Layout:
        """What `storage apply` makes."""
        return Layout(self.name, self.indexes)

    async def load(self, aggregate_id: str) -> Stored[S]:
        """The aggregate as a majority has it. Raises AggregateNotFound."""
        with Translating():
            document = await self._collection.find_one({"_id": aggregate_id}, STATE_ONLY)
        if document is None:
            raise AggregateNotFound(aggregate_id)
        return self._stored(document)

    async def load_within(
        self, aggregate_id: str, scope: Mapping[str, Any], *, without: Sequence[str] = ()
    ) -> Stored[S]:
        """The aggregate where the query `scope` matches it as well. Raises AggregateNotFound."""
        within = {"$and": [{"_id": aggregate_id}, scope]}
        for stored in await self.find(within, limit=1, without=without):
            return stored
        raise AggregateNotFound(aggregate_id)

    async def load_many(self, aggregate_ids: Iterable[str]) -> list[Stored[S]]:
        """Those of the ids that exist, ordered by id."""
        return await self.find({"_id": {"$in": list(aggregate_ids)}}, limit=0)

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        sort: Sort = (("_id", 1),),
        limit: int,
        without: Sequence[str] = (),
    ) -> list[Stored[S]]:
        """Aggregates by a query over `state.…`; a `limit` of 0 is no limit.

        Fields of the state named in `without` are left unread, at their defaults: for lists, where
        a state holds a long history.
        """
        projection = self._all_but(without) if without else STATE_ONLY
        with Translating():
            cursor = self._collection.find(query, projection).sort(list(sort)).limit(limit)
            documents = await cursor.to_list(None)
        return [self._stored(document) for document in documents]

    async def count(self, query: Mapping[str, Any]) -> int:
        """How many aggregates match."""
        with Translating():
            return await self._collection.count_documents(query)

    async def aggregate(self, pipeline: Sequence[Mapping[str, Any]]) -> list[Document]:
        """The results of a pipeline over the documents: figures, partial states."""
        return await aggregate(self._collection, pipeline)

    async def decisions(self, aggregate_id: str) -> list[DecisionEntry]:
        """Who decided what, when and under which rule, oldest first. Raises AggregateNotFound."""
        with Translating():
            document = await self._collection.find_one({"_id": aggregate_id}, {"decisions": 1})
        if document is None:
            raise AggregateNotFound(aggregate_id)
        return [DecisionEntry(**entry) for entry in document["decisions"]]

    async def answered(self, aggregate_id: str, command: CommandContext) -> Outcome | None:
        """The outcome of an earlier try of this command; None without one, or without a key.

        Raises IdempotencyKeyReused.
        """
        idempotency = command.idempotency
        if idempotency is None:
            return None
        projection = only_matching(idempotency, command.now)
        with Translating():
            document = await self._collection.find_one({"_id": aggregate_id}, projection)
        return replay(document, idempotency) if document else None

    def _all_but(self, without: Sequence[str]) -> Document:
        fields = self._state.model_fields.keys() - set(without)
        return {"version": 1} | {f"state.{field}": 1 for field in fields}

    def _stored(self, document: Mapping[str, Any]) -> Stored[S]:
        state = self._state.model_validate(document["state"])
        return Stored(document["_id"], document["version"], state)
