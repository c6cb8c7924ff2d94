"""What a command brings along besides its payload: who, when, and how it is told apart."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's key, already scoped by caller and route, and the hash of the payload under it."""

    scoped: str
    payload_hash: str


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The circumstances of one command. `now`, aware and UTC, is a decision's only clock."""

    name: str
    """What is asked, in the domain's words: `kim.register`."""
    actor: str
    """The caller's subject, or `reaction:<name>` where a reaction issues the command."""
    now: datetime
    correlation_id: str
    causation_id: str
    traceparent: str
    idempotency: IdempotencyKey | None = None
    expected_version: int | None = None
    """From If-Match; None where the command does not overwrite."""
