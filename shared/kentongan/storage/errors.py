"""What storage may answer instead of a result. No error of the database driver leaves this package.

Like a DomainError, each has a `rule` for machines and `facts` for the sentences of the problem
table; facts never hold personal data.
"""

from typing import ClassVar


class StorageError(Exception):
    """The base of all errors that storage raises."""

    rule: ClassVar[str] = "storage"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.rule, facts)
        self.facts = facts

    def __str__(self) -> str:
        return ": ".join((self.rule, *map(str, self.facts.values())))


class AggregateNotFound(StorageError):
    """No aggregate has this id."""

    rule = "not-found"

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(id=aggregate_id)
        self.aggregate_id = aggregate_id


class AggregateExists(StorageError):
    """The id is taken: for a fact with a natural id, the fact is already there."""

    rule = "already-exists"

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(id=aggregate_id)
        self.aggregate_id = aggregate_id


class CameTooLate(StorageError):
    """By the database's clock the limit of a stamped fact was over: it doesn't count."""

    rule = "too-late"

    def __init__(self, aggregate_id: str) -> None:
        super().__init__(id=aggregate_id)
        self.aggregate_id = aggregate_id


class VersionConflict(StorageError):
    """Somebody changed the aggregate since the caller read it (If-Match, or inside a transaction).

    `found` is None where the newer version was not read.
    """

    rule = "version-conflict"

    def __init__(self, expected: int, found: int | None) -> None:
        super().__init__(expected=expected, found=found)
        self.expected = expected
        self.found = found


class TooManyConflicts(StorageError):
    """Each of several tries lost its race; nothing was written, and the caller may try again."""

    rule = "too-many-conflicts"

    def __init__(self, aggregate_id: str, tries: int) -> None:
        super().__init__(id=aggregate_id, tries=tries)


class DuplicateValue(StorageError):
    """A unique index spoke: `index` is its name, `fields` the paths of its keys."""

    rule = "duplicate-value"

    def __init__(self, index: str, fields: tuple[str, ...]) -> None:
        super().__init__(index=index, fields=", ".join(fields))
        self.index = index
        self.fields = fields


class IdempotencyKeyReused(StorageError):
    """The key was used before with another payload."""

    rule = "idempotency-key-reused"


class EventTooLarge(StorageError):
    """The event is over the limit that a record may have; sizes are in bytes of JSON."""

    rule = "event-too-large"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size=size, limit=limit)


class UnencodableDocument(StorageError):
    """The database can't hold this: an integer over 64 bits, NUL in a key, too deep, too large.

    Never cured by a retry: in a batch, apply record by record to find the one.
    """

    rule = "unencodable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class StorageUnavailable(StorageError):
    """The database can't be reached or has no majority; try again after `retry_after` seconds.

    Whether a write landed may be unknown: repeat it with its idempotency key.
    """

    rule = "storage-unavailable"

    def __init__(self, reason: str, retry_after: int = 2) -> None:
        super().__init__(reason=reason)
        self.retry_after = retry_after


class BuildLost(StorageError):
    """The collection that a builder has filled is gone, or another has taken its place."""

    rule = "build-lost"

    def __init__(self, collection: str) -> None:
        super().__init__(collection=collection)


class StorageNotPrepared(StorageError):
    """Collections or indexes are missing that the code relies on: run `kentongan storage apply`."""

    rule = "storage-not-prepared"

    def __init__(self, changes: tuple[str, ...]) -> None:
        super().__init__(changes="; ".join(changes))
        self.changes = changes
