"""Spans tell only what one module declares, by names that OpenTelemetry's conventions have."""

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from kentongan.observability.tracing.conventions import SCHEMA_URL, Key, ResourceKey

ROOT = Path(__file__).resolve().parents[2]
TRACING = ROOT / "shared" / "kentongan" / "observability" / "tracing"
OWN = "kentongan."
MADE_HERE_ALONE = {
    "spans.py": {"start_span", "set_attribute", "update_name"},
    "export.py": {"get_tracer", "add_span_processor"},
}
"""What OpenTelemetry offers, and the one file that uses it."""
NEVER = {
    "add_event",
    "record_exception",
    "set_attributes",
    "set_tracer_provider",
    "start_as_current_span",
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in ("shared", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            yield path, ast.parse(path.read_text())


def conventions() -> set[str]:
    """All keys of the semantic conventions that the SDK brings along."""
    found = find_spec("opentelemetry.semconv")
    assert found is not None and found.submodule_search_locations
    return {
        key
        for folder in found.submodule_search_locations
        for path in Path(folder).rglob("*_attributes.py")
        for key in re.findall(r'^[A-Z_]+: Final = "([a-z0-9._]+)"', path.read_text(), re.MULTILINE)
    }


def test_every_key_is_of_the_conventions_or_our_own() -> None:
    declared = {key.value for key in (*Key, *ResourceKey)}
    assert {key for key in declared if not key.startswith(OWN)} - conventions() == set()


def test_the_conventions_are_those_that_the_sdk_knows() -> None:
    spec = find_spec("opentelemetry.semconv.schemas")
    assert spec is not None and spec.origin is not None
    newest = re.findall(r'"(https://opentelemetry[^"]+)"', Path(spec.origin).read_text())[-1]
    assert newest == SCHEMA_URL, "read what has changed in them, then take the new version up"


def test_spans_are_made_and_told_of_in_one_place() -> None:
    """By types it takes a name and keys of the conventions: mypy holds that; this, that nobody
    goes round it.
    """
    used: dict[str, set[str]] = {}
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                used.setdefault(node.attr, set()).add(path.relative_to(ROOT).as_posix())
    here = TRACING.relative_to(ROOT).as_posix()
    for file, names in MADE_HERE_ALONE.items():
        for name in names:
            assert used.get(name) == {f"{here}/{file}"}, name
    for name in NEVER:
        assert used.get(name, set()) == set(), name


def test_the_sdk_is_known_to_the_export_alone() -> None:
    importing = {
        path.name
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("opentelemetry.sdk", "opentelemetry.exporter"))
    }
    assert importing == {"export.py"}
