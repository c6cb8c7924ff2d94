"""The only package that imports Motor, pymongo and bson: the next driver is one room's work.

Motor ended in May 2026; with PyMongo Async: `AsyncMongoClient`, `start_session()` and `watch()` not
awaited, `await collection.aggregate()`, `await client.close()`.
"""

from kentongan.storage.driver.connection import (
    Client,
    Collection,
    Database,
    Document,
    Session,
    UpdateOne,
    close,
    connect,
    open_database,
)
from kentongan.storage.driver.failures import (
    DuplicateKey,
    Translating,
    duplicate_key,
    duplicates_only,
    is_infrastructure,
    is_missing_collection,
    is_unencodable,
    is_write_conflict,
    was_never_sent,
)
from kentongan.storage.driver.greeting import Greeting, greet
from kentongan.storage.driver.operations import (
    aggregate,
    collection_identities,
    create_index,
    drop_index,
    index_definitions,
    promote_collection,
    read_settled,
    update_and_read,
    watch,
)
from kentongan.storage.driver.privileges import Granted, granted
from kentongan.storage.driver.transactions import transaction

__all__ = [
    "Client",
    "Collection",
    "Database",
    "Document",
    "DuplicateKey",
    "Granted",
    "Greeting",
    "Session",
    "Translating",
    "UpdateOne",
    "aggregate",
    "close",
    "collection_identities",
    "connect",
    "create_index",
    "drop_index",
    "duplicate_key",
    "duplicates_only",
    "granted",
    "greet",
    "index_definitions",
    "is_infrastructure",
    "is_missing_collection",
    "is_unencodable",
    "is_write_conflict",
    "open_database",
    "promote_collection",
    "read_settled",
    "transaction",
    "update_and_read",
    "was_never_sent",
    "watch",
]
