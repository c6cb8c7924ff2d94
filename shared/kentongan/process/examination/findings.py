"""What an examination finds: one row for each thing that was looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something is."""

    FINE = "fine"
    DOUBTFUL = "doubtful"
    """It works, and somebody should think about it; or it couldn't be found out."""
    FAILING = "failing"
    """A process with these settings would not do its work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row; the remedies are empty where it is fine. It never shows a secret."""

    name: str
    state: State
    detail: str
    remedy_id: str = ""
    remedy_en: str = ""


def fine(name: str, detail: str) -> Finding:
    """Nothing to do."""
    return Finding(name, State.FINE, detail)


def doubtful(name: str, detail: str, remedy_id: str, remedy_en: str) -> Finding:
    """Works, and may be wrong."""
    return Finding(name, State.DOUBTFUL, detail, remedy_id, remedy_en)


def failing(name: str, detail: str, remedy_id: str, remedy_en: str) -> Finding:
    """Must be mended first."""
    return Finding(name, State.FAILING, detail, remedy_id, remedy_en)


FINE, DOUBTS, FAILS = 0, 3, 1
"""Exit codes; 2 is that of wrong arguments."""


def exit_code(findings: Iterable[Finding], *, strict: bool) -> int:
    """For a Job: 1 where something would fail; 3 where something is doubtful, and doubts count."""
    states = {finding.state for finding in findings}
    if State.FAILING in states:
        return FAILS
    return DOUBTS if strict and State.DOUBTFUL in states else FINE
