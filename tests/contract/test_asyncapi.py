"""The AsyncAPI document holds together; `@asyncapi/parser` is run by hand where npm is at hand."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.documents.asyncapi import asyncapi_document, asyncapi_yaml
from kentongan.contracts.event import Event

DOCUMENT: dict[str, Any] = yaml.safe_load(asyncapi_yaml(CATALOGUE))

every_event = pytest.mark.parametrize("event", CATALOGUE.events, ids=lambda event: event.__name__)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for keyword, value in part.items():
            if keyword == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for item in part:
            yield from references(item)


def resolved(reference: str) -> Any:
    part: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        part = part[step]
    return part


def validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def test_the_file_says_what_the_document_says() -> None:
    assert asyncapi_document(CATALOGUE) == DOCUMENT
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["info"].keys() >= {"title", "version", "description", "license"}


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))

    assert found
    for reference in found:
        assert resolved(reference)
    reached = {reference.rsplit("/", 1)[-1] for reference in found}
    assert DOCUMENT["components"]["schemas"].keys() <= reached
    assert DOCUMENT["components"]["messages"].keys() <= reached


def test_every_topic_is_a_channel_with_its_key_and_prefix() -> None:
    assert DOCUMENT["channels"].keys() == CATALOGUE.topics.keys()
    for name, topic in CATALOGUE.topics.items():
        channel = DOCUMENT["channels"][name]
        assert channel["address"] == "{prefix}" + name
        assert channel["parameters"].keys() == {"prefix"}
        assert channel["bindings"]["kafka"]["partitions"] == topic.partitions
        assert channel["bindings"]["kafka"]["topicConfiguration"]["retention.ms"] == -1


@every_event
def test_every_event_is_sent_on_its_channel_and_received_by_its_readers(
    event: type[Event],
) -> None:
    contract = event.contract
    message = f"#/channels/{contract.topic.name}/messages/{contract.type}"
    said = {
        (operation["action"], operation["tags"][0]["name"])
        for operation in DOCUMENT["operations"].values()
        if {"$ref": message} in operation["messages"]
    }

    assert said == {
        ("send", contract.topic.service),
        *(("receive", reader) for reader in contract.readers),
    }


def test_operations_speak_of_messages_of_their_own_channel() -> None:
    for operation in DOCUMENT["operations"].values():
        channel = operation["channel"]["$ref"]
        assert operation["messages"]
        for message in operation["messages"]:
            assert message["$ref"].startswith(f"{channel}/messages/")


@every_event
def test_examples_are_valid_under_the_document_alone(event: type[Event]) -> None:
    message = DOCUMENT["components"]["messages"][event.contract.type]
    Draft7Validator.check_schema(resolved(message["payload"]["$ref"]))

    assert message["examples"]
    for example in message["examples"]:
        validator(message["payload"]).validate(example["payload"])
        validator(message["headers"]).validate(example["headers"])
        assert not validator(message["headers"]).is_valid(
            {**example["headers"], "ce_type": "other"}
        )
        assert example["headers"]["ce_partitionkey"] == example["payload"][event.contract.topic.key]
