"""The topics that contracts and settings ask for: all of them, or those that one service needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kentongan.contracts.catalogue import Catalogue
from kentongan.settings import KafkaSettings

DEAD_LETTER_PARTITIONS: Final = 1


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """A topic as it should be, with its prefix; without a configuration nobody looks at that."""

    name: str
    partitions: int
    configuration: Mapping[str, str]


def topic_name(settings: KafkaSettings, topic: str) -> str:
    """A contract's topic as it is called on the cluster."""
    return f"{settings.topic_prefix}{topic}"


def dead_letter_topic(settings: KafkaSettings, service: str) -> str:
    """Where a service publishes what it has set aside."""
    return f"{settings.topic_prefix}{service}.dead-letters"


def wanted_topics(
    catalogue: Catalogue, settings: KafkaSettings, service: str | None = None
) -> list[WantedTopic]:
    """The topics of the catalogue, and a dead-letter topic for each service in it.

    Of one service: those that it publishes, and its dead letters; it answers for no other.
    """
    services = {event.contract.topic.service for event in catalogue.events}
    services.update(reader for event in catalogue.events for reader in event.contract.readers)
    configuration = {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "min.insync.replicas": str(settings.min_insync_replicas),
    }
    return [
        *(
            WantedTopic(topic_name(settings, topic.name), topic.partitions, configuration)
            for topic in sorted(catalogue.topics.values(), key=lambda topic: topic.name)
            if service in (None, topic.service)
        ),
        *(
            WantedTopic(dead_letter_topic(settings, name), DEAD_LETTER_PARTITIONS, configuration)
            for name in sorted(services if service is None else {service})
        ),
    ]


def read_topics(
    catalogue: Catalogue, settings: KafkaSettings, topics: Iterable[str]
) -> list[WantedTopic]:
    """Topics that a service only reads: how they are configured is their owner's to verify."""
    return [
        WantedTopic(topic_name(settings, name), catalogue.topics[name].partitions, {})
        for name in sorted(topics)
    ]
