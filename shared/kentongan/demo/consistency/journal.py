"""What a client asked for, noted before and after sending: the one witness outside the system.

A command without an answer may or may not have happened; one with a 2xx must have, exactly once.
No payload is kept, so no personal data is.
"""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from kentongan.domain.clock import utc_now


@dataclass(frozen=True, slots=True)
class Expectation:
    """An event that a command must have led to, told apart by what is known of it."""

    event: str
    """The event's name: `KimRegistered`."""
    key: str
    """The aggregate's id."""
    sequence: int | None = None
    """The aggregate's version; None where the answer doesn't tell."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Fields of the data that must have these values."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command was answered at last."""

    status: int
    aggregate: str | None
    version: int | None
    rule: str | None
    """The rule of a refusal."""
    attempts: int
    milliseconds: float
    """Of the last attempt."""
    replayed: bool
    at: str

    @property
    def accepted(self) -> bool:
        """Whether the command was acknowledged."""
        return 200 <= self.status < 300


@dataclass(slots=True)
class Entry:
    """A command in the journal. `answer` is None while its outcome is unknown."""

    id: str
    name: str
    method: str
    path: str
    aggregate: str | None
    """The aggregate it was aimed at; None where the command creates one."""
    publishes: str | None
    """The event that its acceptance publishes, if one."""
    at: str
    answer: Answer | None = None
    expectations: tuple[Expectation, ...] = ()


class Journal:
    """A journal in memory and, where a path is given, as JSON lines that survive the client.

    A line is flushed before the request leaves, so that a killed client leaves its question behind.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.entries: dict[str, Entry] = {}
        self._file: TextIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def sent(
        self, name: str, method: str, path: str, *, aggregate: str | None, publishes: str | None
    ) -> str:
        """Note a command that is about to be sent; the answer refers to the id returned."""
        entry = Entry(
            id=uuid.uuid4().hex,
            name=name,
            method=method,
            path=path,
            aggregate=aggregate,
            publishes=publishes,
            at=now(),
        )
        self.entries[entry.id] = entry
        self._write({"sent": asdict(entry)})
        return entry.id

    def answered(
        self, command_id: str, answer: Answer, expectations: Sequence[Expectation] = ()
    ) -> None:
        """Note the final answer, and what must be found because of it."""
        entry = self.entries[command_id]
        entry.answer = answer
        entry.expectations = tuple(expectations)
        self._write(
            {
                "answered": command_id,
                "answer": asdict(answer),
                "expectations": [asdict(expectation) for expectation in expectations],
            }
        )

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


def read_journal(paths: Iterable[Path]) -> list[Entry]:
    """The entries of journals, in the order of sending. A torn last line is left out."""
    journal = Journal()
    for path in paths:
        for text in path.read_text(encoding="utf-8").splitlines():
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                continue
            if "sent" in line:
                journal.entries[line["sent"]["id"]] = Entry(
                    **{**line["sent"], "answer": None, "expectations": ()}
                )
            else:
                entry = journal.entries[line["answered"]]
                entry.answer = Answer(**line["answer"])
                entry.expectations = tuple(Expectation(**one) for one in line["expectations"])
    return sorted(journal.entries.values(), key=lambda entry: entry.at)


def now() -> str:
    """The time of a journal's line."""
    return utc_now().isoformat()
