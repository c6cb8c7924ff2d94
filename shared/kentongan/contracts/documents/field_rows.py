"""The fields of a published schema, flattened to rows for people to read."""

from collections.abc import Iterator
from dataclasses import dataclass

from kentongan.contracts.evolution.branches import Branch, branches
from kentongan.contracts.evolution.schema import Schema


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: `links[].url`, its type in words, whether every event has it, what it means."""

    path: str
    type: str
    required: bool
    description: str


def field_rows(schema: Schema) -> list[FieldRow]:
    """All fields in the order of the model, parts of objects and lists right after their owner."""
    return list(_rows(schema, schema, "", frozenset()))


def _rows(
    document: Schema, owner: Schema, prefix: str, passed: frozenset[str]
) -> Iterator[FieldRow]:
    for name, schema in owner.get("properties", {}).items():
        path = prefix + name
        alternatives = branches(schema, document)
        yield FieldRow(
            path=path,
            type=" or ".join(_in_words(branch, document) for branch in alternatives),
            required=name in owner.get("required", []),
            description=_description(schema, alternatives),
        )
        for branch in alternatives:
            yield from _parts(document, branch, path, passed)


def _parts(
    document: Schema, branch: Branch, path: str, passed: frozenset[str]
) -> Iterator[FieldRow]:
    if branch.reference in passed:
        return
    if branch.reference:
        passed = passed | {branch.reference}
    yield from _rows(document, branch.schema, f"{path}.", passed)
    for item in branches(branch.schema["items"], document) if "items" in branch.schema else []:
        yield from _parts(document, item, f"{path}[]", passed)


def _in_words(branch: Branch, document: Schema) -> str:
    if branch.schema.get("type") == "array" and "items" in branch.schema:
        items = (_in_words(item, document) for item in branches(branch.schema["items"], document))
        return f"list of {' or '.join(items)}"
    return branch.label


def _description(schema: Schema, alternatives: list[Branch]) -> str:
    stated = schema.get("description") or next(
        (text for branch in alternatives if (text := branch.description)), ""
    )
    return " ".join(str(stated).split())
