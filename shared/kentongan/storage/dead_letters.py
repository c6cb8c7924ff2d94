"""Dead letters: records that can't be applied, kept whole, so that repaired code can read them.

The collection is the truth. Each letter carries an outbox of its own, from which the relay copies
it to the service's dead-letter topic.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from kentongan.storage.driver import Database, Document, Translating, UpdateOne
from kentongan.storage.indexes import Index, Layout
from kentongan.storage.outbox import PENDING_INDEX, WAITING, without

COLLECTION = "dead_letters"
_IN_ORDER = Index(keys=(("status", 1), ("at", 1), ("_id", 1)), name="status_at_id")
VALUE_LIMIT = 12 * 1024 * 1024
"""Bytes; a document holds 16 MB. A longer value is cut, and stays in its topic as it was."""


class LetterStatus(StrEnum):
    """A letter waits until a redrive has applied it."""

    WAITING = "waiting"
    REDRIVEN = "redriven"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One record, as it came, and why it was set aside."""

    group: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    reason: str
    detail: str
    at: datetime
    attempts: int = 1
    status: LetterStatus = LetterStatus.WAITING

    @property
    def id(self) -> str:
        """`group:topic:partition:offset`: the same record is the same letter."""
        return f"{self.group}:{self.topic}:{self.partition}:{self.offset}"


@dataclass(frozen=True, slots=True)
class LetterHeading:
    """What a list of letters says of each, without the record, which may be large."""

    id: str
    reason: str
    at: datetime
    attempts: int
    status: LetterStatus


class DeadLetters:
    """The dead letters of one service."""

    layout = Layout(COLLECTION, (PENDING_INDEX, _IN_ORDER))

    def __init__(self, database: Database) -> None:
        self._collection = database[COLLECTION]

    async def add_many(self, letters: Sequence[DeadLetter]) -> int:
        """Keep the letters that don't wait here already; returns how many those were.

        To be called before the offsets are committed. One that was redriven and is poison again
        (older code, a replay) waits again.
        """
        if not letters:
            return 0
        with Translating():
            result = await self._collection.bulk_write(
                [_add(letter) for letter in letters], ordered=False
            )
        return result.upserted_count + result.modified_count

    async def get(self, letter_id: str) -> DeadLetter | None:
        """One letter by its id."""
        with Translating():
            document = await self._collection.find_one({"_id": letter_id})
        return _letter(document) if document else None

    async def count(self, status: LetterStatus = LetterStatus.WAITING) -> int:
        """How many letters there are: the alert's figure."""
        with Translating():
            return await self._collection.count_documents({"status": status.value})

    async def mark(
        self, letter_id: str, status: LetterStatus, *, reason: str = "", detail: str = ""
    ) -> None:
        """Note the outcome of one more attempt; `reason` and `detail` where it failed again."""
        changed: Document = {"status": status.value}
        if reason:
            changed |= {"reason": reason, "detail": detail}
        with Translating():
            await self._collection.update_one(
                {"_id": letter_id}, {"$set": changed, "$inc": {"attempts": 1}}
            )

    async def pending(self, limit: int) -> list[DeadLetter]:
        """Letters that the dead-letter topic doesn't have yet, oldest first."""
        with Translating():
            cursor = self._collection.find(WAITING).sort("pending_since", 1).limit(limit)
            documents = await cursor.to_list(None)
        return [_letter(document) for document in documents]

    async def clear(self, letter_ids: Iterable[str]) -> None:
        """Note that Kafka has acknowledged these."""
        updates = [UpdateOne({"_id": key}, without([key])) for key in letter_ids]
        if updates:
            with Translating():
                await self._collection.bulk_write(updates, ordered=False)

    async def headings(
        self,
        *,
        status: LetterStatus | None = LetterStatus.WAITING,
        after: LetterHeading | None = None,
        limit: int = 100,
    ) -> list[LetterHeading]:
        """What letters there are, oldest first; every status with None. `after` pages on."""
        query: Document = {"status": status.value} if status else {}
        if after is not None:
            query["$or"] = [{"at": {"$gt": after.at}}, {"at": after.at, "_id": {"$gt": after.id}}]
        wanted = dict.fromkeys(("reason", "at", "attempts", "status"), 1)
        with Translating():
            cursor = self._collection.find(query, wanted).sort([("at", 1), ("_id", 1)])
            documents = await cursor.limit(limit).to_list(None)
        return [
            LetterHeading(
                document["_id"],
                document["reason"],
                document["at"],
                document["attempts"],
                LetterStatus(document["status"]),
            )
            for document in documents
        ]

    async def list(
        self, *, status: LetterStatus | None = LetterStatus.WAITING, limit: int = 100
    ) -> list[DeadLetter]:
        """Letters whole, oldest first; every status with None. Many are much: see `headings`."""
        query: Document = {"status": status.value} if status else {}
        with Translating():
            cursor = self._collection.find(query).sort([("at", 1), ("_id", 1)]).limit(limit)
            documents = await cursor.to_list(None)
        return [_letter(document) for document in documents]


def _add(letter: DeadLetter) -> UpdateOne:
    value, detail = letter.value, letter.detail
    if value is not None and len(value) > VALUE_LIMIT:
        value, detail = value[:VALUE_LIMIT], f"{detail} (cut; {len(letter.value or b'')} bytes)"
    document = {
        "_id": letter.id,
        "group": letter.group,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "key": letter.key,
        "value": value,
        "headers": [list(header) for header in letter.headers],
        "reason": letter.reason,
        "detail": detail,
        "attempts": letter.attempts,
        "at": letter.at,
        "status": letter.status.value,
        "outbox": [{"event_id": letter.id, "time": letter.at}],
        "pending_since": letter.at,
    }
    waits = {"$eq": ["$status", LetterStatus.WAITING.value]}
    kept = {"$cond": [waits, "$$ROOT", {"$literal": document}]}
    return UpdateOne({"_id": letter.id}, [{"$replaceWith": kept}], upsert=True)


def _letter(document: Mapping[str, Any]) -> DeadLetter:
    return DeadLetter(
        group=document["group"],
        topic=document["topic"],
        partition=document["partition"],
        offset=document["offset"],
        key=document["key"],
        value=document["value"],
        headers=tuple((name, value) for name, value in document["headers"]),
        reason=document["reason"],
        detail=document["detail"],
        at=document["at"],
        attempts=document["attempts"],
        status=LetterStatus(document["status"]),
    )
