"""Compatible means: whatever is written under one revision is valid under the other.

`jsonschema` is the judge. Schemas and edits are random; instances are drawn as producers write
them, with declared fields only.
"""

import copy
from typing import Any

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kentongan.contracts.evolution.compatibility import incompatibilities

Schema = dict[str, Any]

NAMES = ("a", "b", "c", "d")
PART = {"$ref": "#/$defs/Part"}

integers = st.builds(
    lambda low, size: {"type": "integer", "minimum": low, "maximum": low + size},
    st.integers(-2, 2),
    st.integers(0, 3),
) | st.just({"type": "integer"})
strings = st.builds(
    lambda most: {"type": "string", "maxLength": most}, st.integers(0, 3)
) | st.just({"type": "string"})
scalars: st.SearchStrategy[Any] = st.one_of(
    integers,
    strings,
    st.sampled_from(
        [{"type": "number"}, {"type": "boolean"}, {"const": "x"}, {"type": ["string", "null"]}]
    ),
    st.lists(st.sampled_from(["x", "y", "z", 1]), min_size=1, max_size=3, unique=True).map(
        lambda values: {"enum": values}
    ),
    st.just(PART),
)


@st.composite
def objects(draw: st.DrawFn, parts: st.SearchStrategy[Schema]) -> Schema:
    properties = draw(st.dictionaries(st.sampled_from(NAMES), parts, max_size=3))
    required = [name for name in sorted(properties) if draw(st.booleans())]
    schema: Schema = {"type": "object", "properties": properties, "required": required}
    if draw(st.integers(0, 5)) == 0:
        schema["additionalProperties"] = draw(st.sampled_from([True, False, {"type": "string"}]))
    return schema


parts: st.SearchStrategy[Schema] = st.recursive(
    scalars,
    lambda inner: (
        objects(inner)
        | inner.map(lambda item: {"type": "array", "items": item, "maxItems": 2})
        | st.lists(inner, min_size=2, max_size=3).map(lambda some: {"anyOf": some})
        | inner.map(lambda some: {"anyOf": [some, {"type": "null"}]})
    ),
    max_leaves=6,
)


@st.composite
def documents(draw: st.DrawFn) -> Schema:
    document = draw(objects(parts))
    part = draw(objects(scalars))
    part["required"] = [name for name in part["required"] if part["properties"][name] != PART]
    return {**document, "$defs": {"Part": part}}


def places(schema: Any) -> list[Schema]:
    """Every subschema, where an edit may happen."""
    found = [schema]
    for keyword in ("properties", "$defs"):
        for part in schema.get(keyword, {}).values():
            found += places(part)
    for part in schema.get("anyOf", []):
        found += places(part)
    if "items" in schema:
        found += places(schema["items"])
    return found


@st.composite
def edited(draw: st.DrawFn, document: Schema) -> Schema:
    """The document after one or two random edits, most of which readers may or may not follow."""
    new = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(places(new)))
        if "properties" in place:
            edit_object(draw, place)
        elif "anyOf" in place and draw(st.booleans()):
            place["anyOf"] = draw(st.permutations(place["anyOf"]))
        elif "enum" in place and draw(st.booleans()):
            place["enum"] = [*place["enum"], "w"]
        elif "maximum" in place and draw(st.booleans()):
            place["maximum"] += 1
        elif "$ref" not in place or draw(st.booleans()):
            replacement = draw(parts)
            place.clear()
            place.update(copy.deepcopy(replacement))
    return new


def edit_object(draw: st.DrawFn, place: Schema) -> None:
    name = draw(st.sampled_from(NAMES))
    kind = draw(st.sampled_from(["add", "remove", "require", "relax", "describe", "close"]))
    if kind == "add":
        place["properties"].setdefault(name, copy.deepcopy(draw(parts)))
    elif kind == "remove":
        place["properties"].pop(name, None)
        place["required"] = [known for known in place["required"] if known != name]
    elif kind == "require" and name in place["properties"]:
        place["required"] = sorted({*place["required"], name})
    elif kind == "relax":
        place["required"] = [known for known in place["required"] if known != name]
    elif kind == "close":
        place["additionalProperties"] = draw(st.booleans())
    else:
        place["description"] = "told anew"


def instance(draw: st.DrawFn, schema: Any, document: Schema, depth: int = 0) -> Any:
    """What a producer may write under a schema."""
    if schema is True:
        return draw(st.sampled_from([None, "x", 1]))
    if "$ref" in schema:
        return instance(draw, document["$defs"]["Part"], document, depth + 1)
    if "anyOf" in schema:
        return instance(draw, draw(st.sampled_from(schema["anyOf"])), document, depth)
    if "const" in schema or "enum" in schema:
        return draw(st.sampled_from(schema.get("enum", [schema.get("const")])))
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    kind = draw(st.sampled_from(kinds))
    if kind == "object":
        return an_object(draw, schema, document, depth)
    if kind == "array":
        length = draw(st.integers(0, schema.get("maxItems", 2) if depth < 4 else 0))
        return [instance(draw, schema["items"], document, depth + 1) for _ in range(length)]
    return draw(
        {
            "integer": st.integers(schema.get("minimum"), schema.get("maximum")),
            "number": st.sampled_from([0.5, 1, -3]),
            "string": st.integers(0, schema.get("maxLength", 4)).map("x".__mul__),
            "boolean": st.booleans(),
            "null": st.none(),
        }[kind]
    )


def an_object(draw: st.DrawFn, schema: Schema, document: Schema, depth: int) -> Schema:
    written = {
        name: instance(draw, part, document, depth + 1)
        for name, part in schema["properties"].items()
        if name in schema["required"] or (depth < 4 and draw(st.booleans()))
    }
    if isinstance(schema.get("additionalProperties"), dict):
        undeclared = [name for name in NAMES if name not in schema["properties"]]
        written |= {name: "x" for name in undeclared if draw(st.booleans())}
    return written


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_judged_compatible_is_valid_both_ways(data: st.DataObject) -> None:
    old = data.draw(documents())
    new = data.draw(edited(old))
    reasons = incompatibilities(old, new)
    event("refused" if reasons else "followed")
    assert bool(reasons) == bool(incompatibilities(new, old))
    assume(not reasons)

    for written_under, read_under in ((old, new), (new, old)):
        written = data.draw(written_by(written_under))
        Draft202012Validator(written_under).validate(written)
        Draft202012Validator(read_under).validate(written)


@st.composite
def written_by(draw: st.DrawFn, document: Schema) -> Any:
    return instance(draw, document, document)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.data())
def test_an_optional_field_with_a_new_name_is_always_followed(
    old: Schema, data: st.DataObject
) -> None:
    new = copy.deepcopy(old)
    objects_in_it = [place for place in places(new) if "properties" in place]
    place = data.draw(st.sampled_from(objects_in_it))
    assume(place.get("additionalProperties", True) is True)
    place["properties"]["brand_new"] = data.draw(parts)

    assert incompatibilities(old, new) == []


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.data())
def test_what_an_event_shows_to_be_broken_is_refused(old: Schema, data: st.DataObject) -> None:
    """The same the other way round: a counterexample is never overlooked."""
    new = data.draw(edited(old))
    for written_under, read_under in ((old, new), (new, old)):
        if not Draft202012Validator(read_under).is_valid(data.draw(written_by(written_under))):
            event("counterexample")
            assert incompatibilities(old, new)
