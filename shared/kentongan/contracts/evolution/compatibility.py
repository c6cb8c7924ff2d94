"""Whether two revisions of a published schema understand each other, both ways.

Old readers read new events, and new readers rebuild from old ones; so what both revisions know must
mean the same in both, and only optional fields may come and go. Instances are thought of as our
producers write them: nothing but declared fields.
"""

from collections.abc import Iterator
from typing import Any

from kentongan.contracts.evolution.branches import Branch, NotUnderstood, branches
from kentongan.contracts.evolution.keywords import (
    NEW_READERS,
    OLD_READERS,
    changed_constraints,
    changed_default,
    changed_required,
    changed_type,
    changed_values,
)
from kentongan.contracts.evolution.schema import Schema


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Readable reasons why readers of one would refuse or misread events of the other."""
    return list(dict.fromkeys(_Comparison(old, new).reasons()))


class _Comparison:
    """One comparison of two documents; remembers pairs of `$ref` so that recursive models end."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old = old
        self._new = new
        self._assumed: set[tuple[str, str]] = set()

    def reasons(self) -> Iterator[str]:
        yield from self._schemas(self._old, self._new, "data")

    def _schemas(self, old: Any, new: Any, path: str) -> Iterator[str]:
        try:
            before, after = branches(old, self._old), branches(new, self._new)
        except NotUnderstood as problem:
            yield f"{path}: {problem}"
            return
        if len(before) == len(after) == 1:
            yield from self._branch(before[0], after[0], path)
        else:
            yield from self._alternatives(before, after, path)

    def _alternatives(self, before: list[Branch], after: list[Branch], path: str) -> Iterator[str]:
        gone = [left for left in before if not any(self._agree(left, r, path) for r in after)]
        come = [right for right in after if not any(self._agree(b, right, path) for b in before)]
        for left in gone:
            same = [right for right in come if right.label == left.label]
            reasons = list(self._branch(left, same[0], path)) if same else []
            yield from reasons or [f"{path}: no longer allows {left.label}: {NEW_READERS}"]
        for right in come:
            if all(left.label != right.label for left in gone):
                yield f"{path}: now allows {right.label}: {OLD_READERS}"

    def _agree(self, old: Branch, new: Branch, path: str) -> bool:
        # What was assumed while trying an alternative that fails must not count for the next one.
        assumed = set(self._assumed)
        agreed = not any(self._branch(old, new, path))
        if not agreed:
            self._assumed = assumed
        return agreed

    def _branch(self, old: Branch, new: Branch, path: str) -> Iterator[str]:
        if old.reference and new.reference:
            pair = (old.reference, new.reference)
            if pair in self._assumed:
                return
            self._assumed.add(pair)
        if changed := changed_type(old, new, path):
            yield changed
            return
        yield from changed_values(old.schema, new.schema, path)
        yield from changed_constraints(old.schema, new.schema, path)
        yield from self._object(old.schema, new.schema, path)
        yield from self._array(old.schema, new.schema, path)

    def _object(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = _fields(old), _fields(new)
        yield from changed_required(old, new, path)
        if _closed(old) or _closed(new):
            for name in sorted(before.keys() ^ after.keys()):
                yield f"{path}.{name}: an object that refuses unknown fields keeps the ones it has"
        for name in sorted(before.keys() & after.keys()):
            yield from changed_default(before[name], after[name], f"{path}.{name}")
            yield from self._schemas(before[name], after[name], f"{path}.{name}")
        yield from self._keyword("additionalProperties", old, new, f"{path}.*")

    def _array(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("prefixItems", []), new.get("prefixItems", [])
        if len(before) != len(after):
            yield f"{path}: had {len(before)} fixed places, has {len(after)}"
            return
        for place, (left, right) in enumerate(zip(before, after, strict=True)):
            yield from self._schemas(left, right, f"{path}[{place}]")
        yield from self._keyword("items", old, new, f"{path}[]")

    def _keyword(self, keyword: str, old: Schema, new: Schema, path: str) -> Iterator[str]:
        if keyword in old or keyword in new:
            yield from self._schemas(old.get(keyword, True), new.get(keyword, True), path)


def _fields(schema: Schema) -> Schema:
    undeclared = dict.fromkeys(schema.get("required", []), True)
    return {**undeclared, **schema.get("properties", {})}


def _closed(schema: Schema) -> bool:
    limits = {"minProperties", "maxProperties"}
    return schema.get("additionalProperties", True) is not True or not limits.isdisjoint(schema)
