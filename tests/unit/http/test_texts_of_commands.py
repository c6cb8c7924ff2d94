"""No command of any service takes a control character: texts go on into events and documents."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from kentongan.process.service import service_names
from kentongan.testing.assemblies import assemble

PROBES = ("a\x07", "aaa\x1b", "https://kim.example.id/\x07")
HELD_BY_THEIR_RULE = {
    "POST /v1/cohorts/{cohort_id}/enrolments student_number",  # domain/student_numbers.py
    "POST /v1/kims potentials",  # one of a list: registry/domain/rules.py
    "PUT /v1/kims/{kim_id}/profile potentials",
}


def texts(schema: Any, place: str, schemas: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The free texts of a body's schema, each with where it stands."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "string" and not {"enum", "const", "format"} & schema.keys():
        yield place, schema
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from texts(choice, place, schemas)
    for inner in ("items", "additionalProperties", "propertyNames"):
        if isinstance(schema.get(inner), dict):
            yield from texts(schema[inner], place, schemas)
    for name, field in schema.get("properties", {}).items():
        yield from texts(field, f"{place} {name}", schemas)


def taken(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The free texts that the commands of a service take."""
    document = assemble(service).application.openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                place = f"{method.upper()} {path}"
                yield from texts(body["schema"], place, document["components"]["schemas"])


@pytest.mark.parametrize("service", service_names())
def test_no_text_takes_a_control_character(service: str) -> None:
    found = list(taken(service))
    lax = {
        place
        for place, schema in found
        if "pattern" not in schema or any(re.search(schema["pattern"], probe) for probe in PROBES)
    }
    assert found
    assert lax <= HELD_BY_THEIR_RULE
