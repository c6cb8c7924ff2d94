"""What the cluster says that we may do on topics and groups: asked, never tried.

aiokafka asks for neither, so the structures are written down here (KIP-430).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError, for_code
from aiokafka.protocol.admin import DescribeGroupsRequest_v3, DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

OPERATIONS: Final = {
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Describe": 8,
    "DescribeConfigs": 10,
    "AlterConfigs": 11,
}
"""Kafka's numbers; an operation's bit in an answer is this one."""
_NOT_SAID: Final = -(2**31)
_NO_SUCH_TOPIC: Final = 3


@dataclass(frozen=True, slots=True)
class SeenTopic:
    """A topic as the cluster shows it to us; nothing of it is known where it shows none."""

    visible: bool
    replicas: int = 0
    operations: frozenset[str] | None = None
    """None where the broker doesn't say what is allowed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The brokers there are, and each topic that was asked for, by name."""

    brokers: int
    topics: Mapping[str, SeenTopic]


class _MetadataResponse(Response):  # type: ignore[misc]  # untyped library
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(
                ("node_id", Int32),
                ("host", String("utf-8")),
                ("port", Int32),
                ("rack", String("utf-8")),
            ),
        ),
        ("cluster_id", String("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _MetadataRequestStruct(RequestStruct):  # type: ignore[misc]  # untyped library
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _MetadataResponse
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _MetadataRequest(Request[_MetadataRequestStruct]):  # type: ignore[misc]  # untyped library
    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_MetadataRequestStruct]) -> _MetadataRequestStruct:
        return request_struct_class(self._topics, False, False, True)


class _GroupsRequestStruct(DescribeGroupsRequest_v3):  # type: ignore[misc]  # untyped library
    # The library reads the answer as one of version 2, without what we ask for.
    RESPONSE_TYPE = DescribeGroupsResponse_v3


class _GroupsRequest(Request[_GroupsRequestStruct]):  # type: ignore[misc]  # untyped library
    API_KEY = 15

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: type[_GroupsRequestStruct]) -> _GroupsRequestStruct:
        return request_struct_class([self._group], True)


async def see_topics(admin: AIOKafkaAdminClient, names: Collection[str]) -> Seen:
    """Look at these topics; none is made. Raises NotImplementedError where brokers can't say."""
    answer: Any = await admin._send_request(_MetadataRequest(sorted(names)))
    topics: dict[str, SeenTopic] = {}
    for code, name, _, partitions, allowed in answer.topics:
        if code:
            topics[name] = SeenTopic(visible=code == _NO_SUCH_TOPIC)
            continue
        replicas = min((len(partition[4]) for partition in partitions), default=0)
        topics[name] = SeenTopic(True, replicas, _named(allowed))
    return Seen(brokers=len(answer.brokers), topics=topics)


async def group_operations(admin: AIOKafkaAdminClient, group: str) -> frozenset[str] | None:
    """What we may do with a consumer group; None where the broker doesn't say.

    Raises GroupAuthorizationFailedError where not even its coordinator may be asked for.
    """
    coordinator = await admin.find_coordinator(group)
    answer: Any = await admin._send_request(_GroupsRequest(group), coordinator)
    for code, _, _, _, _, _, allowed in answer.groups:
        if code and for_code(code) is not GroupAuthorizationFailedError:
            return None
        return frozenset() if code else _named(allowed)
    return None


def _named(bits: int) -> frozenset[str] | None:
    if bits == _NOT_SAID:
        return None
    return frozenset(name for name, number in OPERATIONS.items() if bits & (1 << number))
