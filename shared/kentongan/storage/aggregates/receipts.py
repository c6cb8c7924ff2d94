"""Idempotency keys, kept by the write itself: a retry is answered from what it changed.

A key counts for 24 hours and while it is among the last 20 of its aggregate. Only what was written
is remembered, so a refusal is decided anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from kentongan.domain import IdempotencyKey
from kentongan.storage.driver import Document
from kentongan.storage.errors import IdempotencyKeyReused

KEYS_KEPT = 20
KEY_LIFETIME = timedelta(hours=24)
_DERIVED_IDS = uuid5(NAMESPACE_URL, "urn:kentongan:derived-id")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command is answered with. `replayed`: an earlier try under this key did the work."""

    status: int
    answer: dict[str, Any]
    """JSON-ready, the same at the first answer and at every replay."""
    version: int
    replayed: bool = False


def derived_id(idempotency: IdempotencyKey | None) -> str:
    """The id of an aggregate to create: the same for each try under one key, else random."""
    return str(uuid5(_DERIVED_IDS, idempotency.scoped)) if idempotency else str(uuid4())


def receipt(idempotency: IdempotencyKey, outcome: Outcome, now: datetime) -> Document:
    """The entry that the write appends to `keys`."""
    return {
        "key": idempotency.scoped,
        "payload_hash": idempotency.payload_hash,
        "status": outcome.status,
        "answer": outcome.answer,
        "version": outcome.version,
        "at": now,
    }


def only_matching(idempotency: IdempotencyKey, now: datetime) -> Document:
    """The projection that loads nothing of `keys` but this one, if it still counts."""
    living = {"key": idempotency.scoped, "at": {"$gt": now - KEY_LIFETIME}}
    return {"keys": {"$elemMatch": living}}


def replay(document: Mapping[str, Any], idempotency: IdempotencyKey) -> Outcome | None:
    """The earlier outcome, or None if there was none. Raises IdempotencyKeyReused.

    `document` was read with `only_matching`.
    """
    for entry in document.get("keys", ()):
        if entry["payload_hash"] != idempotency.payload_hash:
            raise IdempotencyKeyReused
        return Outcome(entry["status"], entry["answer"], entry["version"], replayed=True)
    return None
