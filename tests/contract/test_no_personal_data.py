"""No event has a field for personal data, nor for free text in which it could hide."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, Field

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.event import Event
from kentongan.contracts.evolution.freezing import revisions
from kentongan.contracts.evolution.schema import published_schema

SMELLS = re.compile(
    r"name|names|nama|fullname|firstname|lastname|person|orang|nik|ktp|kk|npwp|nim|nip|"
    r"nisn|phone|mobile|telp|telepon|hp|wa|whatsapp|email|mail|surel|address|alamat|rt|rw|"
    r"birth|birthday|birthdate|born|lahir|age|umur|gender|sex|kelamin|religion|agama|photo|"
    r"foto|face|signature|chairman|ketua|chair|leader|student|mahasiswa|member|members|"
    r"voter|pemilih|actor|user|sub|ip|secret|webhook|latitude|longitude|reason|reasons|"
    r"alasan|remark|remarks|note|notes|catatan|comment|comments|text"
)
ALLOWED = {
    "registry.kims": {
        "name",  # the group's
        "Region.name",
        "Region.district_name",
        "nik_komunitas",  # a number of the group, in spite of its name
        "member_count",
    },
    "placement.assignments": {"university_name"},
    "placement.activities": set[str](),
    "scoring.competitions": {"CompetitionStage.name", "Criterion.name", "Prize.name"},
}
PERSONAL_VALUES = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+62|62|0)8\d{7,}|(?<![\d-])\d{16}(?!\d)"
)


def fields(schema: Any, path: str = "") -> Iterator[str]:
    """Every property at any depth, definitions and alternatives included."""
    if isinstance(schema, list):
        for item in schema:
            yield from fields(item, path)
    if not isinstance(schema, dict):
        return
    for keyword, part in schema.items():
        if keyword in ("properties", "$defs"):
            for name, inner in part.items():
                if keyword == "properties":
                    yield f"{path}.{name}".lstrip(".")
                yield from fields(inner, f"{path}.{name}".lstrip("."))
        elif keyword not in ("default", "examples", "enum", "const", "required"):
            yield from fields(part, path)


def smells(path: str) -> bool:
    name = path.rsplit(".", 1)[-1]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")
    return any(SMELLS.fullmatch(word) for word in [*words, "".join(words)])


def shapeless(schema: Any) -> bool:
    """Whether anything may lie somewhere: a part without a type can hold whatever one puts in."""
    if isinstance(schema, list):
        return any(shapeless(item) for item in schema)
    if not isinstance(schema, dict):
        return bool(schema)
    if not schema.keys() & {"type", "$ref", "anyOf", "enum", "const"}:
        return True
    parts = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    parts += schema.get("anyOf", [])
    if schema.get("type") == "array":
        parts.append(schema.get("items", True))
    if "additionalProperties" in schema or (
        schema.get("type") == "object" and "properties" not in schema
    ):
        parts.append(schema.get("additionalProperties", True))
    return any(shapeless(part) for part in parts)


every_event = pytest.mark.parametrize("event", CATALOGUE.events, ids=lambda event: event.__name__)


@every_event
def test_no_field_smells_of_personal_data(event: type[Event]) -> None:
    for schema in [published_schema(event), *(frozen for _, frozen in revisions(event))]:
        suspicious = {path for path in fields(schema) if smells(path)}

        assert suspicious <= ALLOWED.get(event.contract.topic.name, set())


@every_event
def test_no_part_of_an_event_is_shapeless(event: type[Event]) -> None:
    assert not shapeless(published_schema(event))


@every_event
def test_examples_hold_no_personal_values(event: type[Event]) -> None:
    assert not PERSONAL_VALUES.search(str(event.contract.example))


def test_the_allow_list_holds_nothing_that_is_not_there() -> None:
    for topic, allowed in ALLOWED.items():
        events = [event for event in CATALOGUE.events if event.contract.topic.name == topic]
        assert allowed == {
            path for event in events for path in fields(published_schema(event)) if smells(path)
        }


def test_the_walk_finds_what_it_looks_for() -> None:
    class Contact(BaseModel):
        telepon: str | None = None

    class Board(BaseModel):
        contacts: list[Contact] = Field(default_factory=list)

    class Leaky(Event):
        kim_id: str
        board: dict[str, Board | None]
        kin: "Leaky | None" = None
        birthDate: str  # noqa: N815
        extra: dict[str, object]

    schema = Leaky.model_json_schema()

    assert {path.rsplit(".", 1)[-1] for path in fields(schema) if smells(path)} == {
        "telepon",
        "birthDate",
    }
    assert shapeless(schema)
    for personal in ("budi@example.id", "081234567890", "3671071013010001"):
        assert PERSONAL_VALUES.search(personal)
