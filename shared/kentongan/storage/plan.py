"""`storage plan` and `storage apply`: collections and indexes, made before they are needed.

Applied by the embedded stack at each start; in production `verify` refuses to start without them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kentongan.storage.driver import (
    Database,
    Document,
    Translating,
    create_index,
    drop_index,
    index_definitions,
)
from kentongan.storage.errors import StorageNotPrepared
from kentongan.storage.indexes import Index, Layout


class Step(StrEnum):
    """What has to be done to reach the layout."""

    CREATE_COLLECTION = "create-collection"
    CREATE_INDEX = "create-index"
    REPLACE_INDEX = "replace-index"
    CONFLICT = "conflict"
    """A unique index differs: replacing it would lift its rule for a while. Rename the new one."""


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """One step of a plan; `str()` says it to a person."""

    step: Step
    collection: str
    index: Index | None = None

    def __str__(self) -> str:
        where = f"{self.collection}.{self.index.name}" if self.index else self.collection
        return f"{self.step.value} {where}"


async def plan(database: Database, layouts: Iterable[Layout]) -> list[LayoutChange]:
    """What is missing or differs. Indexes that the code doesn't know are left to their owner."""
    with Translating():
        existing = set(await database.list_collection_names())
    changes: list[LayoutChange] = []
    for layout in layouts:
        known: dict[str, Document] = {}
        if layout.collection in existing:
            known = await index_definitions(database[layout.collection])
        else:
            changes.append(LayoutChange(Step.CREATE_COLLECTION, layout.collection))
        for index in layout.indexes:
            if step := _step(index, known.get(index.name)):
                changes.append(LayoutChange(step, layout.collection, index))
    return changes


async def apply(database: Database, layouts: Iterable[Layout]) -> list[LayoutChange]:
    """Carry the plan out and return it; safe to repeat, and from several processes at once.

    Raises StorageNotPrepared, before anything is done, where a unique index differs.
    """
    changes = await plan(database, layouts)
    if conflicts := tuple(str(change) for change in changes if change.step is Step.CONFLICT):
        raise StorageNotPrepared(conflicts)
    for change in changes:
        collection = database[change.collection]
        if change.index is None:
            await _create_collection(database, change.collection)
            continue
        if change.step is Step.REPLACE_INDEX:
            await drop_index(collection, change.index.name)
        await create_index(collection, change.index)
    return changes


async def verify(database: Database, layouts: Iterable[Layout]) -> None:
    """Raise StorageNotPrepared, with the list of what is to be done, unless nothing is."""
    if changes := await plan(database, layouts):
        raise StorageNotPrepared(tuple(str(change) for change in changes))


async def _create_collection(database: Database, name: str) -> None:
    with Translating():
        # `create` fails where another process was quicker; creating an index on `_id` does not.
        await database[name].create_index([("_id", 1)])


def _step(wanted: Index, found: Document | None) -> Step | None:
    if found is None:
        return Step.CREATE_INDEX
    same = (
        tuple(found["key"]) == wanted.keys
        and bool(found.get("unique")) == wanted.unique
        and found.get("partialFilterExpression") == _as_filter(wanted)
        and found.get("expireAfterSeconds") == wanted.expire_after_seconds
    )
    if same:
        return None
    return Step.CONFLICT if wanted.unique or found.get("unique") else Step.REPLACE_INDEX


def _as_filter(index: Index) -> Document | None:
    return None if index.partial is None else dict(index.partial)
