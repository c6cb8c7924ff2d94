"""Topics as contracts and settings want them: planned, applied, verified; never made by accident.

Events are kept for good: retention without end, and no compaction, which would keep the last record
of a key instead of its newest version.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    KafkaError,
    TopicAlreadyExistsError,
    TopicAuthorizationFailedError,
    for_code,
)

from kentongan.contracts.catalogue import Catalogue
from kentongan.messaging.kafka.clients import make_admin
from kentongan.settings import KafkaSettings

_SET_ON_TOPIC: Final = 1
_APPLIED_SECONDS: Final = 15.0
DEAD_LETTER_PARTITIONS: Final = 1


class TopicsNotReady(RuntimeError):
    """A topic is missing or differs; `kentongan topics plan` says how."""


class TopicsNotApplied(RuntimeError):
    """The broker refused to make or change a topic."""


class ChangeKind(StrEnum):
    """What `apply` does about a difference; a conflict is left to people."""

    CREATE = "create"
    CONFIGURE = "configure"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class WantedTopic:
    """A topic as it should be, with its prefix."""

    name: str
    partitions: int
    configuration: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TopicChange:
    """One difference between what is wanted and what is there."""

    kind: ChangeKind
    topic: str
    detail: str
    wanted: WantedTopic


def topic_name(settings: KafkaSettings, topic: str) -> str:
    """A contract's topic as it is called on the cluster."""
    return f"{settings.topic_prefix}{topic}"


def dead_letter_topic(settings: KafkaSettings, service: str) -> str:
    """Where a service publishes what it has set aside."""
    return f"{settings.topic_prefix}{service}.dead-letters"


def wanted_topics(catalogue: Catalogue, settings: KafkaSettings) -> list[WantedTopic]:
    """All topics of the catalogue, and a dead-letter topic for each service in it."""
    configuration = {
        "cleanup.policy": "delete",
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "min.insync.replicas": str(settings.min_insync_replicas),
    }
    services = {event.contract.topic.service for event in catalogue.events}
    services.update(reader for event in catalogue.events for reader in event.contract.readers)
    return [
        *(
            WantedTopic(topic_name(settings, topic.name), topic.partitions, configuration)
            for topic in sorted(catalogue.topics.values(), key=lambda topic: topic.name)
        ),
        *(
            WantedTopic(dead_letter_topic(settings, service), DEAD_LETTER_PARTITIONS, configuration)
            for service in sorted(services)
        ),
    ]


async def plan(settings: KafkaSettings, catalogue: Catalogue) -> list[TopicChange]:
    """What differs between contracts and cluster. Raises KafkaError where the broker is away."""
    admin = make_admin(settings)
    await admin.start()
    try:
        return await _compare(admin, wanted_topics(catalogue, settings))
    finally:
        await admin.close()


async def apply(settings: KafkaSettings, catalogue: Catalogue) -> list[TopicChange]:
    """Make missing topics and correct configurations; returns what was planned, conflicts included.

    Never changes a number of partitions: keys would move, and their order with them.
    """
    admin = make_admin(settings)
    wanted = wanted_topics(catalogue, settings)
    await admin.start()
    try:
        changes = await _compare(admin, wanted)
        await _create(admin, settings, [c.wanted for c in changes if c.kind is ChangeKind.CREATE])
        for change in changes:
            if change.kind is ChangeKind.CONFIGURE:
                await _configure(admin, change.wanted)
        await _until_applied(admin, wanted)
        return changes
    finally:
        await admin.close()


async def verify(settings: KafkaSettings, catalogue: Catalogue) -> None:
    """Raise TopicsNotReady where anything differs; production starts with this."""
    changes = await plan(settings, catalogue)
    if changes:
        raise TopicsNotReady("; ".join(f"{change.topic}: {change.detail}" for change in changes))


async def partitions_of(settings: KafkaSettings, topics: Iterable[str]) -> dict[str, int]:
    """The numbers of partitions of topics (with prefix). Raises TopicsNotReady for unknown ones."""
    admin = make_admin(settings)
    await admin.start()
    try:
        found = await _partitions(admin)
    finally:
        await admin.close()
    names = set(topics)
    if missing := sorted(names - set(found)):
        raise TopicsNotReady(f"no topic {', '.join(missing)}")
    return {name: found[name] for name in sorted(names)}


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    # Asked for by name, a missing topic is made on the spot by brokers that do so.
    described = await admin.describe_topics()
    return {one["topic"]: len(one["partitions"]) for one in described if not one["error_code"]}


async def _compare(admin: AIOKafkaAdminClient, wanted: list[WantedTopic]) -> list[TopicChange]:
    found = await _partitions(admin)
    changes: list[TopicChange] = []
    for topic in wanted:
        if topic.name not in found:
            detail = f"missing; {topic.partitions} partitions"
            changes.append(TopicChange(ChangeKind.CREATE, topic.name, detail, topic))
            continue
        if found[topic.name] != topic.partitions:
            detail = (
                f"has {found[topic.name]} partitions, the contract says {topic.partitions}; "
                "this is never changed on a living topic"
            )
            changes.append(TopicChange(ChangeKind.CONFLICT, topic.name, detail, topic))
        current = await _configuration(admin, topic.name)
        differing = {
            name: value
            for name, value in topic.configuration.items()
            if name in current and current[name][0] != value
        }
        if differing:
            detail = ", ".join(
                f"{name} {current[name][0]} -> {value}" for name, value in differing.items()
            )
            changes.append(TopicChange(ChangeKind.CONFIGURE, topic.name, detail, topic))
    return changes


async def _configuration(admin: AIOKafkaAdminClient, topic: str) -> dict[str, tuple[str, bool]]:
    """Value, and whether it is set on the topic itself, by name.

    Empty where the broker doesn't describe topics (the light one doesn't). Raises
    TopicAuthorizationFailedError where it describes them to others: nothing would seem to differ.
    """
    try:
        responses = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    except (KafkaError, NotImplementedError):
        return {}
    found: dict[str, tuple[str, bool]] = {}
    for response in responses:
        for code, _, _, _, entries in response.resources:
            if code == TopicAuthorizationFailedError.errno:
                raise TopicAuthorizationFailedError(f"DescribeConfigs of {topic}")
            for name, value, _, source, *_ in entries:
                found[name] = (value, _is_set_on_topic(response, source))
    return found


def _is_set_on_topic(response: Any, source: Any) -> bool:
    # Version 0 of the answer says "is a default" where later ones name the source.
    return not source if response.API_VERSION == 0 else source == _SET_ON_TOPIC


async def _until_applied(admin: AIOKafkaAdminClient, wanted: list[WantedTopic]) -> None:
    """Brokers learn of a change a little after the controller has confirmed it."""
    deadline = time.monotonic() + _APPLIED_SECONDS
    while left := [c for c in await _compare(admin, wanted) if c.kind is not ChangeKind.CONFLICT]:
        if time.monotonic() >= deadline:
            raise TopicsNotApplied(f"after {_APPLIED_SECONDS:g} s still: {left[0].detail}")
        await asyncio.sleep(0.05)


async def _create(
    admin: AIOKafkaAdminClient, settings: KafkaSettings, topics: list[WantedTopic]
) -> None:
    if not topics:
        return
    response = await admin.create_topics(
        [
            NewTopic(
                name=topic.name,
                num_partitions=topic.partitions,
                replication_factor=settings.replication_factor,
                topic_configs=dict(topic.configuration),
            )
            for topic in topics
        ]
    )
    for name, code, *message in response.topic_errors:
        # Another process was quicker: it applied the same catalogue.
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise TopicsNotApplied(f"{name}: {for_code(code).__name__} {message}")


async def _configure(admin: AIOKafkaAdminClient, topic: WantedTopic) -> None:
    # The request replaces all that is set on the topic, so what others have set is sent along.
    current = await _configuration(admin, topic.name)
    kept = {name: value for name, (value, on_topic) in current.items() if on_topic}
    resource = ConfigResource(
        ConfigResourceType.TOPIC, topic.name, configs={**kept, **topic.configuration}
    )
    for response in await admin.alter_configs([resource]):
        for code, message, *_ in response.resources:
            if code:
                raise TopicsNotApplied(f"{topic.name}: {for_code(code).__name__} {message}")
