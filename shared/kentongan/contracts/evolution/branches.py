"""A schema as its alternatives: references resolved, `anyOf` laid flat, other keywords refused."""

from dataclasses import dataclass
from typing import Any

from kentongan.contracts.evolution.schema import Schema

ANNOTATIONS = frozenset(
    {"title", "description", "default", "examples", "deprecated", "$comment", "$schema", "$id"}
    | {"$defs", "readOnly", "writeOnly"}
)
COMPARED = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "prefixItems"}
    | {"enum", "const", "format", "pattern", "multipleOf", "uniqueItems"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"}
    | {"minItems", "maxItems", "minProperties", "maxProperties"}
)


class NotUnderstood(Exception):
    """The schema uses a keyword that compatibility isn't defined for, so contracts don't use it."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One alternative; `reference` is the `$ref` that led there, if any."""

    schema: Schema
    reference: str | None = None
    description: str = ""

    @property
    def label(self) -> str:
        """How a reason names this alternative: by its model, else by its type."""
        if self.reference:
            return self.reference.rsplit("/", 1)[-1]
        stated = self.schema.get("type", "anything")
        name = stated if isinstance(stated, str) else " or ".join(stated)
        return f"{name} ({self.schema['format']})" if "format" in self.schema else name


def branches(schema: Any, document: Schema) -> list[Branch]:
    """All alternatives of a schema within its document. Raises NotUnderstood."""
    return _branches(schema, document, None, frozenset())


def _branches(
    schema: Any, document: Schema, reference: str | None, passed: frozenset[str]
) -> list[Branch]:
    if schema is True:
        return [Branch({})]
    if not isinstance(schema, dict):
        return [Branch({"type": "nothing"})]
    keywords = schema.keys() - ANNOTATIONS
    if keywords == {"$ref"}:
        target = schema["$ref"]
        if target in passed:
            raise NotUnderstood(f"{target} refers to nothing but itself")
        return _branches(_resolved(target, document), document, target, passed | {target})
    if keywords == {"anyOf"}:
        return [
            branch
            for alternative in schema["anyOf"]
            for branch in _branches(alternative, document, None, passed)
        ]
    if unknown := sorted(keywords - COMPARED):
        raise NotUnderstood(f"contracts don't use {', '.join(unknown)} here")
    described = schema.get("description", "")
    return [Branch({name: schema[name] for name in keywords}, reference, described)]


def _resolved(reference: str, document: Schema) -> Any:
    if reference == "#":
        return document
    prefix = "#/$defs/"
    try:
        return document["$defs"][reference.removeprefix(prefix)]
    except KeyError:
        raise NotUnderstood(f"{reference} leads nowhere") from None
