"""The closed list: who is to blame decides between waiting and a dead letter."""

import pytest
from bson.errors import InvalidDocument
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteError,
    WTimeoutError,
)

from kentongan.storage.driver import (
    Translating,
    duplicate_key,
    duplicates_only,
    is_infrastructure,
    was_never_sent,
)
from kentongan.storage.errors import StorageUnavailable, UnencodableDocument

SAME_ID = {
    "index": 0,
    "code": 11000,
    "errmsg": "E11000 duplicate key error collection: a.b index: _id_ dup key: { _id: 1 }",
    "keyPattern": {"_id": 1},
}
SAME_SEAT = {
    "index": 1,
    "code": 11000,
    "errmsg": "E11000 duplicate key error collection: a.b index: seat dup key: { state.seat: 1 }",
    "keyPattern": {"state.seat": 1},
}
TOO_DEEP = {"index": 0, "code": 15, "errmsg": "Document exceeds maximum nesting depth of 180"}
SHUTDOWN = {"index": 0, "code": 91, "errmsg": "shutting down"}


def bulk(*write_errors: object, concern: object = None) -> BulkWriteError:
    details = {
        "writeErrors": list(write_errors),
        "writeConcernErrors": [concern] if concern else [],
    }
    return BulkWriteError(details)


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("closed"),
        NetworkTimeout("slow"),
        NotPrimaryError("stepped down"),
        ServerSelectionTimeoutError("nobody"),
        WaitQueueTimeoutError("pool"),
        ExecutionTimeout("slow", 50),
        WTimeoutError("no majority", 64),
        OperationFailure("not authorized", 13),
        OperationFailure("no such transaction", 251),
        OperationFailure("collection renamed", 175),
        OperationFailure("closed", 222),
        OperationFailure("invalid resume token", 260),
        OperationFailure("fatal", 280),
        OperationFailure("resume point may no longer be in the oplog", 286),
        bulk(concern={"code": 64, "errmsg": "waiting for replication timed out"}),
        bulk(SAME_ID, concern={"code": 64, "errmsg": "timed out"}),
        bulk(SHUTDOWN),
        bulk({"index": 0, "code": 388, "errmsg": "will not fit in the storage engine cache"}),
        bulk(TOO_DEEP, SHUTDOWN),
    ],
    ids=repr,
)
def test_the_database_or_the_way_to_it_is_to_blame(error: Exception) -> None:
    assert is_infrastructure(error)
    assert duplicates_only(error) is None
    with pytest.raises(StorageUnavailable) as unavailable, Translating():
        raise error
    assert unavailable.value.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [
        OverflowError("MongoDB can only handle up to 8-byte ints"),
        InvalidDocument("key names must not contain NUL"),
        DocumentTooLarge("17 MB"),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
        RecursionError("too deep"),
        WriteError("too deep", 15),
        OperationFailure("too large", 10334),
        bulk(TOO_DEEP),
    ],
    ids=repr,
)
def test_the_document_is_to_blame(error: Exception) -> None:
    assert not is_infrastructure(error)
    with pytest.raises(UnencodableDocument), Translating():
        raise error


@pytest.mark.parametrize(
    "error",
    [
        OperationFailure("unknown operator", 2),
        bulk(SAME_ID, TOO_DEEP),
        bulk(SAME_SEAT),
        KeyError("defect"),
    ],
    ids=repr,
)
def test_what_is_neither_stays_as_it_is(error: Exception) -> None:
    assert duplicates_only(error) is None
    with pytest.raises(type(error)) as unchanged, Translating():
        raise error
    assert unchanged.value is error


def test_repeats_are_counted_only_where_nothing_else_went_wrong() -> None:
    assert duplicates_only(bulk(SAME_ID, SAME_ID)) == 2
    assert duplicates_only(bulk(SAME_ID, SAME_SEAT)) is None


def test_a_duplicate_names_its_index() -> None:
    single = duplicate_key(DuplicateKeyError("E11000", 11000, SAME_SEAT))
    assert single == duplicate_key(bulk(TOO_DEEP, SAME_SEAT))
    assert single is not None
    assert (single.index, single.fields) == ("seat", ("state.seat",))
    assert duplicate_key(OperationFailure("other", 2)) is None
    assert duplicate_key(KeyError()) is None


def test_only_a_server_never_found_makes_the_outcome_certain() -> None:
    assert was_never_sent(ServerSelectionTimeoutError("nobody"))
    assert not was_never_sent(NetworkTimeout("slow"))
    assert not was_never_sent(AutoReconnect("closed"))


def test_what_refused_us_is_told_and_no_document() -> None:
    refused = "not authorized on kentongan_registry to execute command"
    command = '{ update: "kims", updates: [ { u: { name: "Warga" } } ] }'
    with pytest.raises(StorageUnavailable) as unavailable, Translating():
        raise OperationFailure(
            "refused",
            13,
            {"code": 13, "errmsg": f"{refused} {command}", "codeName": "Unauthorized"},
        )
    assert str(unavailable.value) == f"storage-unavailable: OperationFailure: {refused}"


def test_why_no_server_was_found_is_told_in_a_line() -> None:
    with pytest.raises(StorageUnavailable, match=r"db: not verified$"), Translating():
        raise ServerSelectionTimeoutError(
            "db: not verified, Timeout: 3.0s, Topology Description: <a page of it>"
        )
