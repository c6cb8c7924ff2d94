"""A command's body means the same, whether it came as JSON or from code."""

from datetime import date
from typing import Annotated, Self

import pytest
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from kentongan.http import Payload


class Inner(Payload):
    on: date


class Outer(Payload):
    first: date
    days: Annotated[int, Field(ge=1)]
    share: float = 0.5
    inner: list[Inner] = Field(default_factory=list)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(item.on < self.first for item in self.inner):
            raise ValueError("too early")
        return self


def test_code_builds_payloads_from_its_own_values() -> None:
    body = Outer(first=date(2026, 1, 1), days=2, inner=[Inner(on=date(2026, 1, 2))])
    assert body.inner[0].on == date(2026, 1, 2)
    assert Outer.model_validate(body.model_dump(mode="json")) == body
    with pytest.raises(ValidationError, match="frozen"):
        body.days = 3  # type: ignore[misc]


def test_a_whole_number_is_an_integer_however_it_is_written() -> None:
    body = TypeAdapter(Outer).validate_python({"first": "2026-01-01", "days": 3.0, "share": 1})
    assert (body.days, body.share) == (3, 1.0)


def test_validators_of_subclasses_hold_for_requests_too() -> None:
    request = {"first": "2026-01-02", "days": 1, "inner": [{"on": "2026-01-01"}]}
    with pytest.raises(ValidationError, match="too early"):
        TypeAdapter(Outer).validate_python(request)


def test_faults_of_nested_payloads_are_found_where_they_are() -> None:
    request = {
        "first": "2026-01-02",
        "days": 1,
        "inner": [{"on": "x"}, {"on": "2026-01-03", "y": 1}],
    }
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Outer).validate_python(request)
    assert [fault["loc"] for fault in refused.value.errors()] == [
        ("inner", 0, "on"),
        ("inner", 1, "y"),
    ]


def test_the_schema_says_nothing_of_how_it_is_checked() -> None:
    schema = Outer.model_json_schema()
    assert schema["properties"]["first"] == {"format": "date", "title": "First", "type": "string"}
    assert schema["additionalProperties"] is False
