"""A service's canvas (its README) says what the code does: commands, events, collections."""

import re
from pathlib import Path

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.testing.assemblies import Assembled, assemble

SERVICES = Path(__file__).resolve().parents[2] / "services"
NAMES = sorted(folder.name for folder in SERVICES.iterdir() if (folder / "app.py").exists())


def canvas_rows(service: str, section: str) -> list[str]:
    """The table rows under one heading of a canvas, without the head."""
    text = (SERVICES / service / "README.md").read_text()
    body = text.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in body.splitlines() if line.startswith("|")][2:]


def first_code(rows: list[str]) -> set[str]:
    """The first `code` word of each row."""
    return {match.group(1) for row in rows if (match := re.search(r"`([^`]+)`", row))}


@pytest.fixture(scope="module", params=NAMES)
def assembled(request: pytest.FixtureRequest) -> Assembled:
    return assemble(request.param)


def test_commands(assembled: Assembled) -> None:
    rows = canvas_rows(assembled.name, "Commands")
    stated = {
        (match.group(1), match.group(2))
        for row in rows
        if (match := re.match(r"\| `([^`]+)` \| `([^`]+)`", row))
    }
    assert stated == {(name, f"{method} {path}") for name, method, path in assembled.commands()}


def test_published_events(assembled: Assembled) -> None:
    published = {event.contract.name for event in CATALOGUE.published_by(assembled.name)}
    assert first_code(canvas_rows(assembled.name, "Publishes")) == published


def test_consumed_events(assembled: Assembled) -> None:
    assert first_code(canvas_rows(assembled.name, "Consumes")) == assembled.consumed()


def test_readers_named_in_the_contracts_are_the_subscribers() -> None:
    consumed = {name: assemble(name).consumed() for name in NAMES}
    for event in CATALOGUE.events:
        subscribers = {name for name, events in consumed.items() if event.contract.name in events}
        assert set(event.contract.readers) == subscribers, event.contract.name


def test_collections(assembled: Assembled) -> None:
    assert first_code(canvas_rows(assembled.name, "Collections")) == assembled.collections()
