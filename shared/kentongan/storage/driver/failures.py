"""What went wrong: the database and the way to it, the document, or a rule of an index."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from bson.errors import BSONError
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    ExecutionTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
)

from kentongan.storage.errors import StorageUnavailable, UnencodableDocument

_DUPLICATE_KEY = 11000
_WRITE_CONFLICT = 112
_NO_SUCH_COLLECTION = 26
_UNENCODABLE_CODES = frozenset({15, 22, 10334, 17419, 17420})
"""Nesting over 180 levels, invalid BSON, over 16 MB as sent or as written."""
_UNENCODABLE = (BSONError, OverflowError, UnicodeEncodeError, RecursionError)
"""What encoding raises; none of them is a PyMongoError."""
_REFUSED_CREDENTIALS = frozenset({13, 18})
"""Not authorized, and authentication failed."""
_LOST_STREAM = frozenset({222, 260, 280, 286})
"""A change stream that was closed, or can't be resumed: its history or its token is lost."""
_INFRASTRUCTURE_CODES = (
    _REFUSED_CREDENTIALS
    | _LOST_STREAM
    | frozenset(
        {
            6,
            7,
            24,
            43,
            50,
            63,
            64,
            89,
            91,
            133,
            134,
            175,
            189,
            202,
            216,
            234,
            237,
            251,
            262,
            317,
            388,
        }
        | {9001, 10058, 10107, 11600, 11601, 11602, 13388, 13435, 13436, 14031}
    )
)
"""Network, not primary, shutdown, elections, timeouts, lost cursors, streams and
transactions, a collection renamed under an operation, refused credentials, a full cache or disk: no
document is to blame."""


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """Which unique index refused a write: its name and the paths of its keys."""

    index: str
    fields: tuple[str, ...]


def duplicate_key(error: BaseException) -> DuplicateKey | None:
    """The index that spoke, or None where the error is another."""
    for failure in _failures(error):
        if failure.get("code") == _DUPLICATE_KEY:
            fields = tuple(failure.get("keyPattern", {}))
            named = re.search(r" index: (\S+) dup key", failure.get("errmsg", ""))
            return DuplicateKey(named.group(1) if named else "_".join(fields), fields)
    return None


def duplicates_only(error: BaseException) -> int | None:
    """How many documents of a bulk were there already; None if anything else went wrong too."""
    if not isinstance(error, BulkWriteError) or error.details.get("writeConcernErrors"):
        return None
    failures = _failures(error)
    same_id = all(
        failure.get("code") == _DUPLICATE_KEY and list(failure.get("keyPattern", {})) == ["_id"]
        for failure in failures
    )
    return len(failures) if same_id else None


def is_write_conflict(error: BaseException) -> bool:
    """Inside a transaction: somebody else wrote one of its documents."""
    return _WRITE_CONFLICT in _codes(error)


def is_missing_collection(error: BaseException) -> bool:
    """What was to be renamed isn't there."""
    return _NO_SUCH_COLLECTION in _codes(error)


def was_never_sent(error: BaseException) -> bool:
    """No server was found, so nothing was tried; every other infrastructure error is uncertain."""
    return isinstance(error, ServerSelectionTimeoutError)


def is_unencodable(error: BaseException) -> bool:
    """The document itself is to blame, whoever sends it and whenever."""
    if isinstance(error, _UNENCODABLE):
        return True
    return bool(_codes(error)) and _codes(error) <= _UNENCODABLE_CODES


def is_infrastructure(error: BaseException) -> bool:
    """The closed list: the database or the way to it is to blame, and a later try may succeed."""
    if isinstance(error, ConnectionFailure | ExecutionTimeout | WriteConcernError):
        return True
    if isinstance(error, BulkWriteError) and error.details.get("writeConcernErrors"):
        return True
    return bool(_codes(error) & _INFRASTRUCTURE_CODES)


def reason_of(error: BaseException) -> str:
    """What an operator may read: what refused us and why, but no command, which holds documents."""
    name = type(error).__name__
    if was_never_sent(error):
        # The page after it describes the topology.
        return f"{name}: {str(error).partition(', Timeout: ')[0]}"
    if _codes(error) & _REFUSED_CREDENTIALS:
        return f"{name}: {_failures(error)[0].get('errmsg', '').partition(' {')[0]}"
    return name


def _failures(error: BaseException) -> list[Mapping[str, Any]]:
    """The server's words, one per document that failed."""
    if isinstance(error, BulkWriteError):
        failures: list[Mapping[str, Any]] = error.details.get("writeErrors", [])
        return failures
    if isinstance(error, OperationFailure):
        return [{"code": error.code, **(error.details or {})}]
    return []


def _codes(error: BaseException) -> set[int]:
    return {failure["code"] for failure in _failures(error)} - {None}


class Translating:
    """Around each call of the driver: errors leave as StorageUnavailable or UnencodableDocument.

    Others pass unchanged: a duplicate key means something to the caller, the rest is a defect.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is None:
            return
        if is_infrastructure(error):
            raise StorageUnavailable(reason_of(error)) from error
        if is_unencodable(error):
            raise UnencodableDocument(str(error)[:200]) from error
