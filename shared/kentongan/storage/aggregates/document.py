"""How an aggregate lies in its collection: pure builders of what is inserted, updated and read.

`{_id, version, state, outbox, pending_since, keys, decisions}`; `pending_since` only while the
outbox holds something.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import uuid4

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from kentongan.contracts.event import Event
from kentongan.domain import CommandContext, Decision
from kentongan.storage import outbox
from kentongan.storage.aggregates.receipts import KEYS_KEPT, Outcome, only_matching, receipt
from kentongan.storage.driver import Document

S = TypeVar("S", bound=BaseModel)
STATE_ONLY: Document = {"state": 1, "version": 1}


@dataclass(frozen=True, slots=True)
class Stored(Generic[S]):
    """An aggregate as it was read: its state, and the version that guards the next write."""

    id: str
    version: int
    state: S


Answer = Callable[[Stored[S]], dict[str, Any]]
"""Builds the compact receipt of a command from the aggregate as written."""


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """One line of the audit: who did what, when, under which rule, leading to which version."""

    id: str
    """The id of the event that it recorded, if it recorded one."""
    at: datetime
    actor: str
    command: str
    rule: str
    version: int
    note: str | None


@dataclass(frozen=True, slots=True)
class Change(Generic[S]):
    """One decided write, ready to be sent: `outcome` is what the caller hears if it lands."""

    stored: Stored[S]
    outcome: Outcome
    decision_entry: Document
    outbox_entry: Document | None
    key_entry: Document | None

    def inserted(self) -> Document:
        """The document of a new aggregate."""
        document: Document = {
            "_id": self.stored.id,
            "version": self.stored.version,
            "state": self.stored.state.model_dump(),
            "outbox": [self.outbox_entry] if self.outbox_entry else [],
            "keys": [self.key_entry] if self.key_entry else [],
            "decisions": [self.decision_entry],
        }
        if self.outbox_entry:
            document["pending_since"] = self.outbox_entry["time"]
        return document

    def guard(self) -> Document:
        """The filter that only the version decided upon matches."""
        return {"_id": self.stored.id, "version": self.stored.version - 1}

    def update(self) -> Document:
        """The update of an aggregate: state is set, everything else is appended."""
        appended: Document = {"decisions": self.decision_entry}
        update: Document = {
            "$set": {"state": self.stored.state.model_dump(), "version": self.stored.version},
            "$push": appended,
        }
        if self.outbox_entry:
            appended["outbox"] = self.outbox_entry
            update["$min"] = {"pending_since": self.outbox_entry["time"]}
        if self.key_entry:
            appended["keys"] = {"$each": [self.key_entry], "$slice": -KEYS_KEPT}
        return update


@dataclass(frozen=True, slots=True)
class Intent(Generic[S]):
    """A command on its way to a write; one intent makes at most one of its changes land.

    `write_id` names the write: it is the event's id, and tells after an unknown outcome whether
    this write landed. Without `answer` no idempotency key is kept.
    """

    command: CommandContext
    answer: Answer[S] | None
    status: int
    event_size_limit: int
    write_id: str = field(default_factory=lambda: str(uuid4()))

    def change(self, aggregate_id: str, version: int, decision: Decision[S]) -> Change[S]:
        """Everything that the write of one version holds. Raises EventTooLarge."""
        written = Stored(aggregate_id, version, decision.state)
        receipt_body = to_jsonable_python(self.answer(written)) if self.answer else {}
        outcome = Outcome(self.status, receipt_body, version)
        return Change(
            stored=written,
            outcome=outcome,
            decision_entry=self._decision_entry(version, decision),
            outbox_entry=self._outbox_entry(written, decision.event),
            key_entry=self._key_entry(outcome),
        )

    def _decision_entry(self, version: int, decision: Decision[S]) -> Document:
        return {
            "id": self.write_id,
            "at": self.command.now,
            "actor": self.command.actor,
            "command": self.command.name,
            "rule": decision.rule,
            "version": version,
            "note": decision.note,
        }

    def _outbox_entry(self, written: Stored[S], event: Event | None) -> Document | None:
        if event is None:
            return None
        if event.key != written.id:
            raise ValueError(f"{event.contract.name} is keyed by another aggregate: {event.key}")
        return outbox.record(
            event,
            self.command,
            event_id=self.write_id,
            sequence=written.version,
            size_limit=self.event_size_limit,
        )

    def _key_entry(self, outcome: Outcome) -> Document | None:
        key = self.command.idempotency
        if key is None or self.answer is None or not 200 <= self.status < 300:
            return None
        return receipt(key, outcome, self.command.now)


def what_a_command_reads(command: CommandContext, write_id: str | None = None) -> Document:
    """The projection of a command's read: small, however long the history.

    Of the keys the matching one only; of the decisions, after a lost race, this write's own.
    """
    projection: Document = dict(STATE_ONLY)
    if command.idempotency:
        projection |= only_matching(command.idempotency, command.now)
    if write_id:
        projection["decisions"] = {"$elemMatch": {"id": write_id}}
    return projection


def version_written(document: Mapping[str, Any]) -> int | None:
    """The version that this write made, if it landed; read with `what_a_command_reads`."""
    for entry in document.get("decisions", ()):
        version: int = entry["version"]
        return version
    return None
