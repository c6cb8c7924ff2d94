"""Calls of the database, where they are part of something that is recorded."""

from kentongan.observability.tracing.conventions import Attributes, Key, Name
from kentongan.observability.tracing.spans import Kind, Span, begin, fail, recording, tell

SYSTEM = "mongodb"


def begin_call(operation: str, database: str, collection: str, batch: int | None) -> Span | None:
    """A span under the current one; None where that isn't recorded, so that polling makes none.

    Of the call only names are told: never a filter, a document, or what came back.
    """
    parent = recording()
    if parent is None:
        return None
    attributes: dict[Key, str | int] = {
        Key.DATABASE_SYSTEM: SYSTEM,
        Key.DATABASE_NAMESPACE: database,
        Key.DATABASE_COLLECTION: collection,
        Key.DATABASE_OPERATION: operation,
    }
    if batch is not None:
        attributes[Key.DATABASE_BATCH_SIZE] = batch
    told: Attributes = attributes
    name = Name.DATABASE.of(operation=operation, collection=collection)
    return begin(name, Kind.CLIENT, told, parent=parent)


def end_call(span: Span) -> None:
    """It was answered."""
    span.end()


def fail_call(span: Span, error_type: str, code: int | None) -> None:
    """It was refused, with a code of the server, or never answered."""
    if code is not None:
        tell(span, Key.DATABASE_STATUS, str(code))
    fail(span, error_type)
    span.end()
