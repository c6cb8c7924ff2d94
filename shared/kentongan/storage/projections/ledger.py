"""The ledger: from fact events, each fact once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from kentongan.storage.driver import Database, Document, Translating, duplicates_only
from kentongan.storage.indexes import Index
from kentongan.storage.projections.projection import Applied, Projection, Sort, shadow_name


class LedgerEntry(NamedTuple):
    """One fact: `entry` as the subscription made it from the event."""

    event_id: str
    key: str
    sequence: int
    type: str
    time: datetime
    entry: dict[str, Any]


class Ledger(Projection):
    """Collection `ledger.<name>`: `{_id: event_id, key, sequence, type, time, entry}`.

    Figures are derived from it when read; nothing is counted up, so nothing is counted twice.
    """

    def __init__(self, database: Database, name: str, *, indexes: Sequence[Index] = ()) -> None:
        super().__init__(database, f"ledger.{name}", indexes)
        self.name = name

    def shadow(self) -> "Ledger":
        """The same ledger beside itself, to be filled and promoted by one rebuild."""
        return Ledger(self._database, shadow_name(self.name), indexes=self.indexes)

    async def apply(self, entries: Sequence[LedgerEntry]) -> Applied:
        """Insert what is new, in one unordered bulk; what is there already stays as it is.

        Raises StorageUnavailable (some may be written: apply again), UnencodableDocument (apply
        one by one to find which).
        """
        if not entries:
            return Applied(0, 0)
        documents = [_document(entry) for entry in entries]
        try:
            with Translating():
                await self._collection.insert_many(documents, ordered=False)
        except Exception as error:
            repeated = duplicates_only(error)
            if repeated is None:
                raise
            return Applied(len(entries), len(entries) - repeated)
        return Applied(len(entries), len(entries))

    async def find(
        self, query: Document, *, sort: Sort = (("_id", 1),), limit: int
    ) -> list[LedgerEntry]:
        """Facts by a query over `entry.…`, `key`, `type`, `time`; a `limit` of 0 is no limit."""
        return [_entry(document) for document in await self._find(query, sort, limit)]


def _document(entry: LedgerEntry) -> Document:
    return {
        "_id": entry.event_id,
        "key": entry.key,
        "sequence": entry.sequence,
        "type": entry.type,
        "time": entry.time,
        "entry": entry.entry,
    }


def _entry(document: Mapping[str, Any]) -> LedgerEntry:
    return LedgerEntry(
        event_id=document["_id"],
        key=document["key"],
        sequence=document["sequence"],
        type=document["type"],
        time=document["time"],
        entry=document["entry"],
    )
