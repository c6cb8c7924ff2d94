"""Topics as contracts and settings want them: planned, applied, verified; never made by accident.

Events are kept for good: retention without end, and no compaction, which would keep the last record
of a key instead of its newest version.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
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
from kentongan.messaging.kafka.wanted_topics import (
    WantedTopic,
    dead_letter_topic,
    read_topics,
    topic_name,
    wanted_topics,
)
from kentongan.settings import KafkaSettings

__all__ = [
    "ChangeKind",
    "TopicChange",
    "TopicsNotApplied",
    "TopicsNotReady",
    "apply",
    "dead_letter_topic",
    "partitions_of",
    "plan",
    "topic_name",
    "verify",
    "wanted_topics",
]

_SET_ON_TOPIC: Final = 1
_APPLIED_SECONDS: Final = 15.0


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
class TopicChange:
    """One difference between what is wanted and what is there."""

    kind: ChangeKind
    topic: str
    detail: str
    wanted: WantedTopic


async def plan(
    settings: KafkaSettings,
    catalogue: Catalogue,
    service: str | None = None,
    *,
    reads: Iterable[str] = (),
) -> list[TopicChange]:
    """What differs between contracts and cluster, of all topics or those that a service publishes.

    Of what it `reads`, that it is there; no other right is needed. Raises KafkaError.
    """
    wanted = wanted_topics(catalogue, settings, service)
    known = {topic.name for topic in wanted}
    others = [one for one in read_topics(catalogue, settings, reads) if one.name not in known]
    async with _admin(settings) as admin:
        return await _compare(admin, [*wanted, *others])


async def apply(
    settings: KafkaSettings, catalogue: Catalogue, service: str | None = None
) -> list[TopicChange]:
    """Make missing topics and correct configurations; returns what was planned, conflicts included.

    Never changes a number of partitions: keys would move, and their order with them.
    """
    wanted = wanted_topics(catalogue, settings, service)
    async with _admin(settings) as admin:
        changes = await _compare(admin, wanted)
        await _create(admin, settings, [c.wanted for c in changes if c.kind is ChangeKind.CREATE])
        for change in changes:
            if change.kind is ChangeKind.CONFIGURE:
                await _configure(admin, change.wanted)
        await _until_applied(admin, wanted)
        return changes


async def verify(
    settings: KafkaSettings,
    catalogue: Catalogue,
    service: str | None = None,
    *,
    reads: Iterable[str] = (),
) -> None:
    """Raise TopicsNotReady where anything differs, as `plan` says; production starts with this."""
    changes = await plan(settings, catalogue, service, reads=reads)
    if changes:
        raise TopicsNotReady("; ".join(f"{change.topic}: {change.detail}" for change in changes))


@asynccontextmanager
async def _admin(settings: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = make_admin(settings)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def partitions_of(settings: KafkaSettings, topics: Iterable[str]) -> dict[str, int]:
    """The numbers of partitions of topics (with prefix). Raises TopicsNotReady for unknown ones."""
    async with _admin(settings) as admin:
        found = await _partitions(admin)
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
        if not topic.configuration:
            continue
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
