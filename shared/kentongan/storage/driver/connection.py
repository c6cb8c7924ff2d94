"""Connecting: clients with explicit bounds, databases with explicit concerns, and the codec."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

# Motor runs each operation on a thread of one pool, sized when it is imported: 5 a processor. With
# 10 threads 32 concurrent commands got half of what they get with 40 (1,300 to 2,600 a second).
os.environ.setdefault("MOTOR_MAX_WORKERS", "40")

from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, TypeRegistry
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
)
from pymongo import UpdateOne
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from kentongan.observability.tracing.spans import is_on
from kentongan.storage.driver.call_spans import CallSpans
from kentongan.storage.driver.pool import PoolListener

__all__ = [
    "Client",
    "Collection",
    "Database",
    "Document",
    "Session",
    "UpdateOne",
    "close",
    "connect",
    "majority_and_journal",
    "open_database",
]

Document: TypeAlias = dict[str, Any]
Session: TypeAlias = AsyncIOMotorClientSession
if TYPE_CHECKING:
    Client: TypeAlias = AsyncIOMotorClient[Document]
    Database: TypeAlias = AsyncIOMotorDatabase[Document]
    Collection: TypeAlias = AsyncIOMotorCollection[Document]
else:
    Client = AsyncIOMotorClient
    Database = AsyncIOMotorDatabase
    Collection = AsyncIOMotorCollection

_WRITE_TIMEOUT_SHARE = 0.8


def connect(
    uri: str,
    *,
    application: str,
    tls_ca_file: Path | None = None,
    server_selection_timeout_seconds: float = 3.0,
    socket_timeout_seconds: float = 10.0,
    on_pool: Callable[[int, int], None] | None = None,
) -> Client:
    """A client that connects when first used; every bound is explicit, every write is retryable.

    `on_pool` is told how many connections there are and how many are in use; by any thread.
    """
    tls: Document = {"tls": True, "tlsCAFile": str(tls_ca_file)} if tls_ca_file else {}
    return AsyncIOMotorClient(
        uri,
        appname=application,
        serverSelectionTimeoutMS=round(server_selection_timeout_seconds * 1000),
        connectTimeoutMS=round(server_selection_timeout_seconds * 1000),
        socketTimeoutMS=round(socket_timeout_seconds * 1000),
        waitQueueTimeoutMS=round(socket_timeout_seconds * 1000),
        wTimeoutMS=round(socket_timeout_seconds * 1000 * _WRITE_TIMEOUT_SHARE),
        retryWrites=True,
        retryReads=True,
        event_listeners=list(_listeners(on_pool)),
        **tls,
    )


def _listeners(on_pool: Callable[[int, int], None] | None) -> Iterator[PoolListener | CallSpans]:
    """Who the driver tells of what it does: each costs, so only who is wanted."""
    if on_pool is not None:
        yield PoolListener(on_pool)
    if is_on():
        yield CallSpans()


def close(client: Client) -> None:
    """Close all connections. Operations under way fail."""
    client.close()


def open_database(client: Client, name: str) -> Database:
    """A service's database: majority reads from the primary, majority and journalled writes."""
    return client.get_database(
        name,
        codec_options=_CODEC,
        read_preference=ReadPreference.PRIMARY,
        read_concern=ReadConcern("majority"),
        write_concern=majority_and_journal(client),
    )


def majority_and_journal(client: Client) -> WriteConcern:
    """Acknowledged once a majority has it in its journal; past the bound, of unknown outcome."""
    bound = client.write_concern.document.get("wtimeout")
    return WriteConcern("majority", j=True, wtimeout=bound)


def _encode_other(value: Any) -> Any:
    """Called by the encoder for types that BSON has not: a date is stored as its ISO text."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return str(value)
    return value


_CODEC: CodecOptions[Document] = CodecOptions(
    tz_aware=True,
    tzinfo=UTC,
    uuid_representation=UuidRepresentation.STANDARD,
    type_registry=TypeRegistry(fallback_encoder=_encode_other),
)
