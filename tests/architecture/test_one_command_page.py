"""docs/one-command.md names files, and functions and classes in them, that are really there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "one-command.md").read_text()
NAMED = sorted(set(re.findall(r"`((?:services|shared|tests)/[\w/.]+\.py)(?:::([\w.]+))?`", PAGE)))
FOLDERS = sorted(set(re.findall(r"`((?:services|shared|tests)/[\w/]+)`", PAGE)))

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def defined(tree: ast.AST) -> dict[str, ast.AST]:
    """Functions, classes and assigned names anywhere inside: a route is inside its router."""
    found: dict[str, ast.AST] = {}
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
            found |= {each.id: node for each in targets if isinstance(each, ast.Name)}
    return found


def test_the_page_names_every_room() -> None:
    files = [file for file, _ in NAMED]
    for room in ("/api/", "/domain/", "stores.py", "subscriptions.py", "read_models.py"):
        assert any(room in file for file in files), room


@pytest.mark.parametrize(("file", "name"), NAMED, ids=lambda part: part or "file")
def test_what_is_named_is_there(file: str, name: str) -> None:
    scope: ast.AST = ast.parse((ROOT / file).read_text())
    for part in name.split(".") if name else ():
        here = defined(scope)
        assert part in here, f"{file} has no {name}"
        scope = here[part]


def test_folders() -> None:
    assert [folder for folder in FOLDERS if not (ROOT / folder).is_dir()] == []
