"""The outcome of a pure decision: the next state, at most one event, the rule that led there."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from kentongan.contracts.event import Event

State_co = TypeVar("State_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Decision(Generic[State_co]):
    """What a command changes. One command, one sequence: at most one event."""

    state: State_co
    rule: str
    """The rule applied, as shown by the query "who decided what": `kim.register`."""
    event: Event | None = None
    note: str | None = None
    """Free text of the person who decided (a reason); it never leaves the service."""
