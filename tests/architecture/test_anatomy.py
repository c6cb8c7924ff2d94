"""The services have the identical anatomy: who knows one house knows them all."""

import re
from pathlib import Path

import pytest

from kentongan.process.service import service_names

SERVICES = Path(__file__).resolve().parents[2] / "services"
NAMES = sorted(folder.name for folder in SERVICES.iterdir() if (folder / "app.py").exists())
ROOMS = {
    "README.md",
    "__init__.py",
    "app.py",
    "settings.py",
    "stores.py",
    "subscriptions.py",
    "read_models.py",
    "retelling.py",
}
FOLDERS = {"domain", "api"}
BUILDERS = re.compile(r"\b(\w+Store|Directory|Ledger)(\[\w+\])?\(")
"""What makes a collection, of the stores any kind."""


def test_the_services_are_found() -> None:
    assert set(NAMES) == set(service_names())


@pytest.mark.parametrize("name", NAMES)
def test_every_service_has_the_common_rooms(name: str) -> None:
    here = SERVICES / name
    assert {path.name for path in here.iterdir() if path.is_file()} == ROOMS
    assert {room for room in FOLDERS if not (here / room / "__init__.py").is_file()} == set()
    assert (here / "domain" / "errors.py").is_file()
    assert (here / "api" / "problems.py").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_stores_and_read_models_are_built_in_their_rooms(name: str) -> None:
    builders = {
        path.relative_to(SERVICES / name).as_posix()
        for path in (SERVICES / name).rglob("*.py")
        if BUILDERS.search(path.read_text())
    }
    assert builders <= {"stores.py", "read_models.py"}


def test_no_file_outgrows_one_sitting() -> None:
    root = SERVICES.parent
    long = {
        path.relative_to(root).as_posix(): lines
        for folder in ("services", "shared", "tests")
        for path in (root / folder).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > 250
    }
    assert long == {}


def test_no_room_is_named_after_nothing() -> None:
    root = SERVICES.parent
    vague = {"utils", "helpers", "common", "core", "base", "manager", "misc"}
    found = {
        path.relative_to(root).as_posix()
        for folder in ("services", "shared", "tests")
        for path in (root / folder).rglob("*")
        if path.stem in vague
    }
    assert found == set()
