"""Which changes of a contract its readers can follow, and how a refusal reads."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from kentongan.contracts.evolution.compatibility import incompatibilities

Schema = dict[str, Any]


def obj(required: tuple[str, ...] = (), **properties: Any) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
NOTHING = {"type": "null"}


def part(schema: Schema, **definitions: Schema) -> Schema:
    return {**schema, "$defs": definitions}


REGION = {"$ref": "#/$defs/Region"}

FOLLOWED = {
    "nothing changed": (obj(("a",), a=TEXT), obj(("a",), a=TEXT)),
    "an optional field more": (obj(("a",), a=TEXT), obj(("a",), a=TEXT, b=NUMBER)),
    "an optional field less": (obj(a=TEXT, b=NUMBER), obj(a=TEXT)),
    "other words": (obj(a=TEXT), obj(a={**TEXT, "description": "told anew", "title": "A"})),
    "another order of values": (obj(a={"enum": ["x", "y"]}), obj(a={"enum": ["y", "x"]})),
    "another order of alternatives": (
        obj(a={"anyOf": [TEXT, NOTHING]}),
        obj(a={"anyOf": [NOTHING, TEXT]}),
    ),
    "a part that got a name": (obj(a=obj(b=TEXT)), part(obj(a=REGION), Region=obj(b=TEXT))),
    "a part that was renamed": (
        part(obj(a=REGION), Region=obj(b=TEXT)),
        part(obj(a={"$ref": "#/$defs/Area"}), Area=obj(b=TEXT)),
    ),
    "an optional field more, deep inside": (
        part(obj(a={"type": "array", "items": {"anyOf": [REGION, NOTHING]}}), Region=obj(b=TEXT)),
        part(
            obj(a={"type": "array", "items": {"anyOf": [REGION, NOTHING]}}),
            Region=obj(b=TEXT, c=NUMBER),
        ),
    ),
    "recursion": (
        part(obj(a=REGION), Region=obj(inner=REGION)),
        part(obj(a=REGION), Region=obj(inner=REGION, more=TEXT)),
    ),
    "openness, said aloud": (obj(a=TEXT), {**obj(a=TEXT), "additionalProperties": True}),
}

REFUSED = {
    "a required field more": (
        obj(a=TEXT),
        obj(("b",), a=TEXT, b=TEXT),
        "data.b: is new and required: new readers refuse old events",
    ),
    "a field became required": (
        obj(a=TEXT),
        obj(("a",), a=TEXT),
        "data.a: became required: new readers refuse old events",
    ),
    "a required field less": (
        obj(("a",), a=TEXT),
        obj(),
        "data.a: required field was removed: old readers refuse new events",
    ),
    "a required field became optional": (
        obj(("a",), a=TEXT),
        obj(a=TEXT),
        "data.a: required field became optional: old readers refuse new events",
    ),
    "a field became nullable": (
        obj(a=TEXT),
        obj(a={"anyOf": [TEXT, NOTHING]}),
        "data.a: now allows null: old readers refuse new events",
    ),
    "a field is no longer nullable": (
        obj(a={"anyOf": [TEXT, NOTHING]}),
        obj(a=TEXT),
        "data.a: no longer allows null: new readers refuse old events",
    ),
    "another type": (
        obj(a=TEXT),
        obj(a=NUMBER),
        "data.a: was string, is integer: a name once used never gets another type",
    ),
    "a wider type": (
        obj(a=NUMBER),
        obj(a={"type": "number"}),
        "data.a: was integer, is number: a name once used never gets another type",
    ),
    "anything goes": (
        obj(a=NUMBER),
        obj(a={}),
        "data.a: was integer, is anything: a name once used never gets another type",
    ),
    "a required name that gets a type": (
        obj(("a",)),
        obj(("a",), a=TEXT),
        "data.a: was anything, is string: a name once used never gets another type",
    ),
    "another format": (
        obj(a={**TEXT, "format": "date"}),
        obj(a={**TEXT, "format": "date-time"}),
        "data.a: format was date, is date-time",
    ),
    "a value more": (
        obj(a={"enum": ["x"]}),
        obj(a={"enum": ["x", "y"]}),
        "data.a: now allows 'y': old readers refuse new events",
    ),
    "a value less": (
        obj(a={"enum": ["x", "y"]}),
        obj(a={"const": "x"}),
        "data.a: no longer allows 'y': new readers refuse old events",
    ),
    "a closed list": (
        obj(a=TEXT),
        obj(a={**TEXT, "enum": ["x"]}),
        "data.a: was given a closed list of values: new readers refuse old events",
    ),
    "a tighter bound": (
        obj(a={**NUMBER, "maximum": 480}),
        obj(a={**NUMBER, "maximum": 240}),
        "data.a: maximum was 480, is 240: new readers refuse old events",
    ),
    "a looser bound": (
        obj(a={**NUMBER, "minimum": 15}),
        obj(a={**NUMBER, "minimum": 5}),
        "data.a: minimum was 15, is 5: old readers refuse new events",
    ),
    "a bound less": (
        obj(a={**TEXT, "maxLength": 5}),
        obj(a=TEXT),
        "data.a: maxLength was 5, is none: old readers refuse new events",
    ),
    "another default": (
        obj(a={**TEXT, "default": "x"}),
        obj(a={**TEXT, "default": "y"}),
        "data.a: default was 'x', is 'y': events without it would change",
    ),
    "closed to unknown fields": (
        obj(a=TEXT),
        {**obj(a=TEXT), "additionalProperties": False},
        "data.*: was anything, is nothing: a name once used never gets another type",
    ),
    "a field more where unknown ones are refused": (
        {**obj(a=TEXT), "additionalProperties": False},
        {**obj(a=TEXT, b=TEXT), "additionalProperties": False},
        "data.b: an object that refuses unknown fields keeps the ones it has",
    ),
    "deep inside a list of alternatives": (
        part(obj(a={"type": "array", "items": {"anyOf": [REGION, NOTHING]}}), Region=obj(b=TEXT)),
        part(obj(a={"type": "array", "items": {"anyOf": [REGION, NOTHING]}}), Region=obj(b=NUMBER)),
        "data.a[].b: was string, is integer: a name once used never gets another type",
    ),
    "values of a map": (
        obj(a={"type": "object", "additionalProperties": TEXT}),
        obj(a={"type": "object", "additionalProperties": NUMBER}),
        "data.a.*: was string, is integer: a name once used never gets another type",
    ),
    "in the loop of a recursive part": (
        part(obj(a=REGION), Region=obj(inner=REGION, b=TEXT)),
        part(obj(a=REGION), Region=obj(inner=REGION, b=NUMBER)),
        "data.a.b: was string, is integer: a name once used never gets another type",
    ),
    "words that contracts don't use": (
        obj(a={"oneOf": [TEXT, NUMBER]}),
        obj(a={"oneOf": [TEXT, NUMBER]}),
        "data.a: contracts don't use oneOf here",
    ),
}


@pytest.mark.parametrize(("old", "new"), FOLLOWED.values(), ids=FOLLOWED)
def test_readers_follow(old: Schema, new: Schema) -> None:
    assert incompatibilities(old, new) == []
    assert incompatibilities(new, old) == []


@pytest.mark.parametrize(("old", "new", "reason"), REFUSED.values(), ids=REFUSED)
def test_readers_cannot_follow(old: Schema, new: Schema, reason: str) -> None:
    assert incompatibilities(old, new) == [reason]
    assert incompatibilities(new, old), "what breaks one way breaks the other way round, too"


def test_models_are_compared_as_pydantic_writes_them() -> None:
    class Place(BaseModel):
        code: str
        aliases: list[str] = Field(default_factory=list)

    class Before(BaseModel):
        id: str
        place: Place | None = None
        level: Literal["kelurahan", "kecamatan"]
        counts: dict[str, int]

    class After(Before):
        minutes: int | None = None

    class Broken(Before):
        level: Literal["kelurahan", "kecamatan", "kota"]  # type: ignore[assignment]

    before = Before.model_json_schema()

    assert incompatibilities(before, After.model_json_schema()) == []
    assert incompatibilities(before, Broken.model_json_schema()) == [
        "data.level: now allows 'kota': old readers refuse new events"
    ]
