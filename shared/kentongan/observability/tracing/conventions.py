"""What spans and their attributes are called: OpenTelemetry's conventions, pinned here.

Those of messaging are still in development and have been renamed twice; a new version of them is
taken up here, on purpose, and nowhere else. No attribute ever carries a path, a query, a body, an
address of somebody outside, or anything else that may lead to a person.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NewType, TypeAlias

SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"
LINKS_PER_SPAN = 128
"""SDKs and trace stores cut off what is above; so many links are split over several spans."""


SpanName = NewType("SpanName", str)
"""A name that was made here: no span takes another."""


class Name(StrEnum):
    """The names of all spans; what stands in braces comes from the code, never from a caller."""

    REQUEST = "{method} {route}"
    UNMATCHED_REQUEST = "{method}"
    COMMAND = "command {command}"
    DATABASE = "{operation} {collection}"
    RELAY_ROUND = "relay round"
    SEND = "send {topic}"
    POLL = "poll {topic}"
    PROCESS = "process {topic}"
    REACTION = "react {reaction}"
    WORK = "work {task}"
    WEBHOOK = "POST webhook"

    def of(self, **parts: str) -> SpanName:
        """The name with its parts filled in."""
        return SpanName(self.value.format(**parts))


class Key(StrEnum):
    """The keys of all attributes of spans. Those of our own begin with `kentongan.`."""

    HTTP_METHOD = "http.request.method"
    HTTP_ROUTE = "http.route"
    HTTP_STATUS = "http.response.status_code"
    ERROR_TYPE = "error.type"
    DATABASE_SYSTEM = "db.system.name"
    DATABASE_NAMESPACE = "db.namespace"
    DATABASE_COLLECTION = "db.collection.name"
    DATABASE_OPERATION = "db.operation.name"
    DATABASE_BATCH_SIZE = "db.operation.batch.size"
    DATABASE_STATUS = "db.response.status_code"
    MESSAGING_SYSTEM = "messaging.system"
    MESSAGING_OPERATION = "messaging.operation.name"
    MESSAGING_OPERATION_TYPE = "messaging.operation.type"
    MESSAGING_DESTINATION = "messaging.destination.name"
    MESSAGING_PARTITION = "messaging.destination.partition.id"
    MESSAGING_OFFSET = "messaging.kafka.offset"
    MESSAGING_GROUP = "messaging.consumer.group.name"
    MESSAGING_MESSAGE_ID = "messaging.message.id"
    MESSAGING_BATCH_SIZE = "messaging.batch.message_count"
    COMMAND = "kentongan.command"
    RULE = "kentongan.rule"
    REACTION = "kentongan.reaction"
    TASK = "kentongan.task"


class ResourceKey(StrEnum):
    """What is said once of a process, and holds for all of its spans."""

    SERVICE_NAMESPACE = "service.namespace"
    SERVICE_NAME = "service.name"
    SERVICE_VERSION = "service.version"
    SERVICE_INSTANCE = "service.instance.id"
    ENVIRONMENT = "deployment.environment.name"
    CITY = "kentongan.city"


Attributes: TypeAlias = Mapping[Key, str | int]
