"""Rights on Kafka follow what services publish and subscribe to."""

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.event import Visibility
from kentongan.messaging.kafka.rights import (
    Pattern,
    Resource,
    Right,
    operator_rights,
    service_rights,
)
from kentongan.messaging.kafka.topics import wanted_topics
from kentongan.process.kafka_rights import rights_of
from kentongan.process.service import find_service, service_names
from kentongan.settings import KafkaSettings

SETTINGS = KafkaSettings(topic_prefix="tangerang.")


def may(rights: list[Right], user: str, operation: str, topic: str) -> bool:
    """As the broker decides: a literal name, or a prefix."""
    return any(
        right.user == user
        and right.resource is Resource.TOPIC
        and operation in right.operations
        and (
            topic.startswith(right.name)
            if right.pattern is Pattern.PREFIX
            else right.name in (topic, "*")
        )
        for right in rights
    )


@pytest.fixture
async def rights() -> list[Right]:
    return await rights_of([find_service(name) for name in service_names()], SETTINGS)


async def test_each_service_writes_its_own_topics_alone(rights: list[Right]) -> None:
    for topic in wanted_topics(CATALOGUE, SETTINGS):
        owner = topic.name.removeprefix("tangerang.").split(".")[0]
        writers = {name for name in service_names() if may(rights, name, "Write", topic.name)}
        assert writers == {owner}


async def test_who_reads_a_topic_is_who_the_contracts_name(rights: list[Right]) -> None:
    for name, topic in CATALOGUE.topics.items():
        told = {
            reader
            for event in CATALOGUE.events
            if event.contract.topic.name == name
            for reader in event.contract.readers
        }
        readers = {one for one in service_names() if may(rights, one, "Read", f"tangerang.{name}")}
        assert readers == told | {topic.service}


async def test_nobody_else_reads_what_is_restricted(rights: list[Right]) -> None:
    restricted = [
        topic for topic in CATALOGUE.topics.values() if topic.visibility is Visibility.RESTRICTED
    ]
    assert restricted
    for topic in restricted:
        readers = {
            one for one in service_names() if may(rights, one, "Read", "tangerang." + topic.name)
        }
        assert readers == {topic.service}


def test_a_new_subscription_is_a_new_right() -> None:
    before = set(service_rights("registry", ["scoring.competitions"], SETTINGS))
    after = set(
        service_rights("registry", ["scoring.competitions", "broadcast.contents"], SETTINGS)
    )
    assert [right.name for right in after - before] == ["tangerang.broadcast.contents"]
    assert not before - after


@pytest.mark.parametrize(
    ("prefix", "name", "pattern"),
    [("", "*", Pattern.LITERAL), ("tangerang.", "tangerang.", Pattern.PREFIX)],
)
def test_who_makes_topics_keeps_behind_the_prefix(prefix: str, name: str, pattern: Pattern) -> None:
    [right] = operator_rights(KafkaSettings(topic_prefix=prefix))
    assert (right.name, right.pattern) == (name, pattern)
    assert "Create" in right.operations
    assert "Read" not in right.operations
