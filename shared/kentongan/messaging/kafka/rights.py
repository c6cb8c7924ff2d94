"""Who may do what on Kafka: derived from the topics that a service publishes and subscribes to.

A new subscription changes the rights by itself; compose, the chart and `kentongan rights` take them
from here. Names of operations and patterns are Kafka's own, as Strimzi writes them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest

from kentongan.messaging.kafka.authorized import OPERATIONS
from kentongan.messaging.kafka.clients import group_id, make_admin
from kentongan.messaging.kafka.topics import dead_letter_topic, topic_name
from kentongan.settings import KafkaSettings

OPERATOR: Final = "kentongan-operator"
"""Makes the topics, for all services."""
SCALER: Final = "kentongan-scaler"
"""Sees how far groups are behind, to scale consumers by it; reads nothing."""


class Resource(StrEnum):
    """What a right is on."""

    TOPIC = "topic"
    GROUP = "group"


class Pattern(StrEnum):
    """Whether a right's name is the resource's, or what its name begins with."""

    LITERAL = "literal"
    PREFIX = "prefix"


@dataclass(frozen=True, slots=True)
class Right:
    """One user's right on one resource, or on all whose names begin so."""

    user: str
    resource: Resource
    name: str
    pattern: Pattern
    operations: tuple[str, ...]

    def as_document(self) -> dict[str, Any]:
        """As plain words and lists, for a file."""
        return {**asdict(self), "operations": list(self.operations)}


class RightsNotApplied(RuntimeError):
    """The broker refused to grant a right."""


def service_rights(
    service: str, subscribed: Iterable[str], settings: KafkaSettings
) -> Iterator[Right]:
    """What a service needs, and no more; `subscribed` are topics without prefix.

    It writes, and after a restore reads, what begins with its name; its dead letters do too.
    """
    own = dead_letter_topic(settings, service).removesuffix("dead-letters")
    yield Right(
        service,
        Resource.TOPIC,
        own,
        Pattern.PREFIX,
        ("Describe", "DescribeConfigs", "Read", "Write"),
    )
    for topic in sorted(subscribed):
        yield Right(
            service,
            Resource.TOPIC,
            topic_name(settings, topic),
            Pattern.LITERAL,
            ("Describe", "Read"),
        )
    yield Right(
        service, Resource.GROUP, group_id(settings, service), Pattern.LITERAL, ("Describe", "Read")
    )


def operator_rights(settings: KafkaSettings) -> Iterator[Right]:
    """What `topics plan` and `topics apply` need: on every topic behind the prefix."""
    operations = ("AlterConfigs", "Create", "Describe", "DescribeConfigs")
    yield Right(OPERATOR, Resource.TOPIC, *_all_behind(settings), operations)


def scaler_rights(settings: KafkaSettings) -> Iterator[Right]:
    """What an autoscaler that looks at the lag needs."""
    yield Right(SCALER, Resource.TOPIC, *_all_behind(settings), ("Describe",))
    yield Right(SCALER, Resource.GROUP, *_all_behind(settings), ("Describe",))


async def apply(settings: KafkaSettings, rights: Iterable[Right]) -> None:
    """Grant the rights; repeating it changes nothing, and none is taken away.

    `settings` are those of somebody who may alter the cluster. Raises RightsNotApplied, KafkaError.
    """
    admin = make_admin(settings)
    await admin.start()
    try:
        for right in rights:
            await _grant(admin, right)
    finally:
        await admin.close()


_RESOURCES: Final = {Resource.TOPIC: 2, Resource.GROUP: 3}
_PATTERNS: Final = {Pattern.LITERAL: 3, Pattern.PREFIX: 4}
"""Kafka's numbers on the wire."""
_ALLOW, _FROM_ANYWHERE = 3, "*"


async def _grant(admin: AIOKafkaAdminClient, right: Right) -> None:
    for operation in right.operations:
        # The admin client has no method for this, only the request.
        request = CreateAclsRequest(
            _RESOURCES[right.resource],
            right.name,
            _PATTERNS[right.pattern],
            f"User:{right.user}",
            _FROM_ANYWHERE,
            OPERATIONS[operation],
            _ALLOW,
        )
        answer = await admin._send_request(request)
        for code, message in answer.creation_responses:
            if code:
                refusal = f"{operation} on {right.resource} {right.name} for {right.user}"
                raise RightsNotApplied(f"{refusal}: {for_code(code).__name__} {message or ''}")


def _all_behind(settings: KafkaSettings) -> tuple[str, Pattern]:
    if settings.topic_prefix:
        return settings.topic_prefix, Pattern.PREFIX
    return "*", Pattern.LITERAL
