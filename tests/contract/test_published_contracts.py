"""What is published keeps its own word: examples, goldens, models, topics, committed documents."""

from itertools import groupby
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kentongan.contracts.__main__ import main
from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.event import Event, Kind, Topic
from kentongan.contracts.evolution.freezing import revisions
from kentongan.contracts.evolution.schema import published_schema

every_event = pytest.mark.parametrize("event", CATALOGUE.events, ids=lambda event: event.__name__)


def events_of(topic: Topic) -> list[type[Event]]:
    return [event for event in CATALOGUE.events if event.contract.topic == topic]


def test_committed_schemas_and_documents_are_current(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check"])

    assert status == 0, capsys.readouterr().out


@every_event
def test_the_example_is_valid_under_every_revision(event: type[Event]) -> None:
    frozen = revisions(event)
    assert frozen
    for _, schema in frozen:
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        validator.validate(event.contract.example)


@every_event
def test_the_example_is_what_the_model_writes(event: type[Event]) -> None:
    read = event.model_validate(event.contract.example)

    assert read.model_dump(mode="json") == event.contract.example


@every_event
def test_unknown_fields_are_ignored(event: type[Event]) -> None:
    later = {**event.contract.example, "field_of_a_later_revision": {"any": ["thing"]}}

    Draft202012Validator(published_schema(event)).validate(later)
    assert event.model_validate(later) == event.model_validate(event.contract.example)


@every_event
def test_the_key_is_a_required_text_of_the_data(event: type[Event]) -> None:
    schema = published_schema(event)
    key = event.contract.topic.key

    assert schema["properties"][key]["type"] == "string"
    assert key in schema["required"]
    assert event.model_validate(event.contract.example).key == event.contract.example[key]


@every_event
def test_schemas_are_readable_without_our_code(event: type[Event]) -> None:
    for path, schema in revisions(event):
        assert schema["$id"] == f"urn:kentongan:schema:{event.contract.type}"
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["title"] == event.__name__
        assert schema["description"].endswith(".")
        for owner in [schema, *schema.get("$defs", {}).values()]:
            for name, part in owner["properties"].items():
                assert part.get("description") or "$ref" in part, f"{path}: {name} is not explained"


@pytest.mark.parametrize("topic", CATALOGUE.topics.values(), ids=lambda topic: topic.name)
def test_all_events_of_a_state_topic_have_the_same_fields(topic: Topic) -> None:
    if topic.kind is Kind.FACT:
        return
    shapes: list[dict[str, Any]] = [
        {keyword: schema.get(keyword) for keyword in ("properties", "required", "$defs")}
        for schema in map(published_schema, events_of(topic))
    ]

    assert all(shape == shapes[0] for shape in shapes)


def test_a_topic_belongs_to_one_service_and_is_named_after_it() -> None:
    for topic in CATALOGUE.topics.values():
        assert topic.name.startswith(f"{topic.service}.")
        assert all(event.contract.topic is topic for event in events_of(topic))
    named = [event.contract.topic for event in CATALOGUE.events]
    assert len({topic.name for topic in named}) == len(set(named))


def test_names_and_types_are_unique() -> None:
    assert len(CATALOGUE.by_type) == len(CATALOGUE.events)
    folders = {(event.contract.name, event.contract.version) for event in CATALOGUE.events}
    assert len(folders) == len(CATALOGUE.events), "goldens would share a folder"


def test_another_version_of_an_event_has_another_topic() -> None:
    by_name = sorted(CATALOGUE.events, key=lambda event: event.contract.name)
    for _, versions in groupby(by_name, key=lambda event: event.contract.name):
        topics = [event.contract.topic.name for event in versions]
        assert len(set(topics)) == len(topics)


@every_event
def test_contracts_say_when_and_for_whom(event: type[Event]) -> None:
    assert event.contract.trigger.endswith(".")
    assert event.__doc__
    services = {topic.service for topic in CATALOGUE.topics.values()}
    assert set(event.contract.readers) <= services | {"broadcast", "scoring"}
    assert event.contract.topic.service not in event.contract.readers
