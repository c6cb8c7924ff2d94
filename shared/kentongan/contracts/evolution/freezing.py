"""Golden schemas: every revision that was ever published, committed, and never edited.

`schemas/KimRegistered.v1/001.json`, `002.json`, …: what an event of that version may look like in a
topic that is kept for good. A change of the model is frozen as the next revision; what can't be
read both ways needs a new version on a topic of its own.
"""

import json
from pathlib import Path
from typing import cast

from kentongan.contracts.catalogue import Catalogue
from kentongan.contracts.event import Event
from kentongan.contracts.evolution.compatibility import incompatibilities
from kentongan.contracts.evolution.schema import Schema, published_schema

GOLDENS = Path(__file__).parents[1] / "schemas"


class FreezeRefused(Exception):
    """A contract changed in a way that its readers can't follow; `reasons` are for people."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def revisions(event: type[Event], goldens: Path = GOLDENS) -> list[tuple[Path, Schema]]:
    """All frozen revisions of an event's version, oldest first."""
    paths = sorted((goldens / _folder(event)).glob("*.json"))
    return [(path, cast(Schema, json.loads(path.read_text("utf-8")))) for path in paths]


def freeze(catalogue: Catalogue, goldens: Path = GOLDENS) -> list[Path]:
    """Write the next revision of each changed contract. Raises FreezeRefused, none written."""
    changed = [event for event in catalogue.events if not _is_frozen(event, goldens)]
    if refusals := [reason for event in changed for reason in _broken_promises(event, goldens)]:
        raise FreezeRefused(refusals)
    return [_write_next(event, goldens) for event in changed]


def unfrozen(catalogue: Catalogue, goldens: Path = GOLDENS) -> list[str]:
    """What `check` reports: contracts that broke a promise, are not frozen yet, or disappeared."""
    problems: list[str] = []
    for event in catalogue.events:
        broken = _broken_promises(event, goldens)
        problems += broken
        if not broken and not _is_frozen(event, goldens):
            problems.append(f"{_folder(event)}: the model is not frozen: run `freeze`, and commit")
    known = {_folder(event) for event in catalogue.events}
    problems += [
        f"{folder.name}: published, but gone from the catalogue: its topic still holds such events"
        for folder in sorted(goldens.glob("*.v*"))
        if folder.name not in known
    ]
    return problems


def _folder(event: type[Event]) -> str:
    return f"{event.contract.name}.v{event.contract.version}"


def _is_frozen(event: type[Event], goldens: Path) -> bool:
    frozen = revisions(event, goldens)
    return bool(frozen) and frozen[-1][1] == published_schema(event)


def _broken_promises(event: type[Event], goldens: Path) -> list[str]:
    current = published_schema(event)
    frozen = revisions(event, goldens)
    names = [path.name for path, _ in frozen]
    if names != [_file_name(number) for number in range(1, len(names) + 1)]:
        return [f"{_folder(event)}: revisions are numbered without gaps, but are {names}"]
    return [
        f"{_folder(event)} against revision {path.stem}: {reason}"
        for path, revision in frozen
        for reason in incompatibilities(revision, current)
    ]


def _file_name(number: int) -> str:
    return f"{number:03d}.json"


def _write_next(event: type[Event], goldens: Path) -> Path:
    path = goldens / _folder(event) / _file_name(len(revisions(event, goldens)) + 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(published_schema(event), indent=2, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")
    return path
