"""The operations that need more of the driver than a collection's own methods."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from pymongo import IndexModel, ReturnDocument

from kentongan.storage.driver.connection import Collection, Database, Document
from kentongan.storage.driver.failures import Translating
from kentongan.storage.indexes import Index

_AWAIT_MS = 2_000
"""How long the server holds a request of a change stream that has nothing to tell: it answers at
once where it has. An ending process may have to wait for it as long."""


async def aggregate(
    collection: Collection, pipeline: Sequence[Mapping[str, Any]]
) -> list[Document]:
    """All results of a pipeline; bound it by its own `$limit`."""
    with Translating():
        return await collection.aggregate(list(pipeline)).to_list(None)


async def read_settled(collection: Collection, key: str, projection: Document) -> Document | None:
    """Read one document at its very newest, once a majority has it: what follows a lost race.

    An update without effect, which waits for all that it has seen. A plain majority read may lag
    behind the write that won, and a linearizable one takes 100 ms (the journal's interval).
    """
    with Translating():
        found: Document | None = await collection.find_one_and_update(
            {"_id": key}, {"$unset": {"_settled": ""}}, projection=projection
        )
    return found


async def update_and_read(
    collection: Collection,
    key: str,
    pipeline: Sequence[Document],
    projection: Document | None = None,
) -> Document:
    """Upsert one document by a pipeline, evaluated on the server, and return what it became."""
    with Translating():
        became: Document = await collection.find_one_and_update(
            {"_id": key},
            list(pipeline),
            projection=projection,
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
    return became


async def watch(database: Database, pipeline: Sequence[Document]) -> AsyncIterator[Document]:
    """The changes of a database from now on; first an empty one, once the stream is open.

    Raises StorageUnavailable when the stream breaks.
    """
    with Translating():
        async with database.watch(list(pipeline), max_await_time_ms=_AWAIT_MS) as stream:
            # Opens the stream; what it finds by then comes with the next call.
            first = await stream.try_next()
            yield {}
            if first is not None:
                yield first
            async for change in stream:
                yield change


async def collection_identities(database: Database, names: Sequence[str]) -> dict[str, str]:
    """The server's own ids of the collections that are there: a new one after a drop."""
    wanted = {"name": {"$in": list(names)}}
    with Translating():
        found = await (await database.list_collections(filter=wanted)).to_list(None)
    return {collection["name"]: str(collection["info"]["uuid"]) for collection in found}


async def promote_collection(database: Database, shadow: str, target: str) -> None:
    """Put the shadow in the target's place in one step; the target is dropped."""
    with Translating():
        await database[shadow].rename(target, dropTarget=True)


async def create_index(collection: Collection, index: Index) -> None:
    """Build one index; nothing happens where it is there already."""
    options: Document = {"name": index.name}
    if index.unique:
        options["unique"] = True
    if index.partial is not None:
        options["partialFilterExpression"] = dict(index.partial)
    if index.expire_after_seconds is not None:
        options["expireAfterSeconds"] = index.expire_after_seconds
    with Translating():
        await collection.create_indexes([IndexModel(list(index.keys), **options)])


async def drop_index(collection: Collection, name: str) -> None:
    """Remove one index."""
    with Translating():
        await collection.drop_index(name)


async def index_definitions(collection: Collection) -> dict[str, Document]:
    """What the server has, by index name: `key` as pairs, options as the server words them."""
    with Translating():
        found = await collection.list_indexes().to_list(None)
    return {index["name"]: {**index, "key": list(index["key"].items())} for index in found}
