"""Comparisons of single keywords of two schemas: each change is named with whom it would hurt."""

from collections.abc import Iterator
from typing import Any, Final

from kentongan.contracts.evolution.branches import Branch
from kentongan.contracts.evolution.schema import Schema

OLD_READERS: Final = "old readers refuse new events"
NEW_READERS: Final = "new readers refuse old events"

LOWER_BOUNDS: Final = frozenset(
    {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
)
UPPER_BOUNDS: Final = frozenset(
    {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
)
OTHER_CONSTRAINTS: Final = frozenset({"multipleOf", "pattern", "uniqueItems", "format"})


def changed_type(old: Branch, new: Branch, path: str) -> str | None:
    """A field keeps its type for good: an integer that became a number is another type, too."""
    if _types(old.schema) == _types(new.schema):
        return None
    return f"{path}: was {old.label}, is {new.label}: a name once used never gets another type"


def changed_required(old: Schema, new: Schema, path: str) -> Iterator[str]:
    """The required fields of an object are the same in all revisions of a version."""
    before, after = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(before - after):
        change = "became optional" if name in new.get("properties", {}) else "was removed"
        yield f"{path}.{name}: required field {change}: {OLD_READERS}"
    for name in sorted(after - before):
        change = "became required" if name in old.get("properties", {}) else "is new and required"
        yield f"{path}.{name}: {change}: {NEW_READERS}"


def changed_default(old: Any, new: Any, path: str) -> Iterator[str]:
    """A default says what a field's absence means, so another default changes old events."""
    if isinstance(old, dict) and isinstance(new, dict):
        before, after = (
            repr(schema["default"]) if "default" in schema else "none" for schema in (old, new)
        )
        if before != after:
            yield f"{path}: default was {before}, is {after}: events without it would change"


def changed_values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    """A closed list of values (`enum`, `const`) is the same for good; open ones are plain text."""
    before, after = _values(old), _values(new)
    if before is None or after is None:
        if before is not None:
            yield f"{path}: lost its closed list of values: {OLD_READERS}"
        if after is not None:
            yield f"{path}: was given a closed list of values: {NEW_READERS}"
        return
    if gone := sorted(before - after):
        yield f"{path}: no longer allows {', '.join(gone)}: {NEW_READERS}"
    if come := sorted(after - before):
        yield f"{path}: now allows {', '.join(come)}: {OLD_READERS}"


def changed_constraints(old: Schema, new: Schema, path: str) -> Iterator[str]:
    """A bound that is tightened breaks rebuilds; one that is loosened breaks old readers."""
    for name in sorted(LOWER_BOUNDS | UPPER_BOUNDS | OTHER_CONSTRAINTS):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        hurt = f": {NEW_READERS if _tightened(name, before, after) else OLD_READERS}"
        was, now = ("none" if bound is None else bound for bound in (before, after))
        yield f"{path}: {name} was {was}, is {now}{'' if name in OTHER_CONSTRAINTS else hurt}"


def _tightened(name: str, before: Any, after: Any) -> bool:
    if before is None or after is None or name in OTHER_CONSTRAINTS:
        return before is None
    return bool(after > before if name in LOWER_BOUNDS else after < before)


def _types(schema: Schema) -> frozenset[str]:
    stated = schema.get("type", [])
    return frozenset([stated] if isinstance(stated, str) else stated)


def _values(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {repr(schema["const"])}
    if "enum" in schema:
        return {repr(value) for value in schema["enum"]}
    return None
