"""Every Kafka client that the kit makes, with the safe options in one place.

The libraries' defaults lose data (`latest`, `acks=1`, timed commits) or evict busy consumers
(10 s sessions); nothing outside this module builds a client.
"""

import ssl
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from kentongan.messaging.kafka.header_names import tolerate_header_names
from kentongan.messaging.kafka.turns import TurnsConsumer
from kentongan.settings import KafkaSettings

tolerate_header_names()

REQUEST_TIMEOUT_MS = 15_000
METADATA_AGE_MS = 30_000
"""How long a topic created after the start may stay unseen."""
PRODUCER_BATCH_BYTES = 512 * 1024
"""Room for a relay round in one batch per partition; below the broker's 1 MiB a batch."""
ONE_RECORD = 1
"""A batch takes its first record, whatever its size. The light broker takes a batch for one record
when it is asked where a partition ends, and a rebuild would miss the others."""
LARGEST_RECORD_BYTES = 1_000_000
"""Just below the broker's default limit, so that an oversized record is refused here, unsent."""
FETCH_BYTES = 32 * 1024 * 1024
PARTITION_FETCH_BYTES = 4 * 1024 * 1024
"""Above any record, so that one is never too large to be read."""
LONGEST_HEARTBEAT_MS = 3_000
REBALANCE_TIMEOUT_MS = 60_000
"""Longer than the longest batch: a rebalance waits for the running one."""
GROUP_REQUEST_TIMEOUT_MS = REBALANCE_TIMEOUT_MS + 10_000
"""The broker answers a request to join only when all members have joined: never sooner give up."""
EMPTY_POLL_PAUSE_MS = 20
"""FastStream sleeps this long after an empty poll (TurnsConsumer makes those rare)."""


def group_id(settings: KafkaSettings, service: str) -> str:
    """The consumer group of a service: its name behind the topic prefix."""
    return f"{settings.topic_prefix}{service}"


def make_producer(settings: KafkaSettings, *, client_id: str) -> AIOKafkaProducer:
    """The relay's producer: all replicas acknowledge; idempotent unless the settings say no."""
    return AIOKafkaProducer(
        client_id=client_id,
        acks="all",
        enable_idempotence=settings.idempotent_producer,
        linger_ms=0,
        max_batch_size=PRODUCER_BATCH_BYTES if settings.idempotent_producer else ONE_RECORD,
        max_request_size=LARGEST_RECORD_BYTES,
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        metadata_max_age_ms=METADATA_AGE_MS,
        **_connection(settings),
    )


def make_reader(
    settings: KafkaSettings, *, client_id: str, group: str | None = None
) -> AIOKafkaConsumer:
    """A consumer outside any group, for rebuilds and tails. It commits nothing.

    With `group` it can ask what that group has committed; it is no member, if it is assigned to.
    """
    return AIOKafkaConsumer(
        client_id=client_id, group_id=group, **_reading(), **_connection(settings)
    )


def make_admin(settings: KafkaSettings) -> AIOKafkaAdminClient:
    """An admin client, for topics."""
    return AIOKafkaAdminClient(
        client_id="kentongan-admin",
        request_timeout_ms=REQUEST_TIMEOUT_MS,
        **_connection(settings),
    )


def make_broker(settings: KafkaSettings, *, client_id: str, graceful_seconds: float) -> KafkaBroker:
    """FastStream's broker, consuming only: it makes no producer, no admin client and no topic.

    No middleware: an exception handler there would swallow errors before the acknowledgement.
    """
    return KafkaBroker(
        settings.bootstrap_servers.split(","),
        client_id=client_id,
        security=_faststream_security(settings),
        request_timeout_ms=GROUP_REQUEST_TIMEOUT_MS,
        metadata_max_age_ms=METADATA_AGE_MS,
        graceful_timeout=graceful_seconds,
        consumer_only=True,
        allow_auto_create_topics=False,
        apply_types=False,
        logger=None,
    )


async def consume_in_turns(broker: KafkaBroker) -> None:
    """Connect, and have the broker's subscribers built on TurnsConsumer."""
    build: Any = await broker.connect()
    broker.config.broker_config.builder = partial(TurnsConsumer, **build.keywords)


def subscriber_options(
    settings: KafkaSettings, group: str, *, batch_records: int
) -> dict[str, Any]:
    """How a service's one subscriber reads its topics."""
    session_ms = round(settings.session_timeout_seconds * 1000)
    return {
        "group_id": group,
        "batch": True,
        "max_records": batch_records,
        "batch_timeout_ms": EMPTY_POLL_PAUSE_MS,
        "auto_offset_reset": "earliest",
        "fetch_max_bytes": FETCH_BYTES,
        "max_partition_fetch_bytes": PARTITION_FETCH_BYTES,
        "session_timeout_ms": session_ms,
        "heartbeat_interval_ms": min(LONGEST_HEARTBEAT_MS, session_ms // 4),
        "rebalance_timeout_ms": REBALANCE_TIMEOUT_MS,
    }


def _reading() -> dict[str, Any]:
    return {
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "fetch_max_bytes": FETCH_BYTES,
        "max_partition_fetch_bytes": PARTITION_FETCH_BYTES,
        "request_timeout_ms": REQUEST_TIMEOUT_MS,
        "metadata_max_age_ms": METADATA_AGE_MS,
    }


def _connection(settings: KafkaSettings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers.split(","),
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol in ("SSL", "SASL_SSL"):
        options["ssl_context"] = _ssl_context(settings)
    if settings.security_protocol.startswith("SASL") and settings.sasl_password is not None:
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = settings.sasl_password.get_secret_value()
    return options


def _ssl_context(settings: KafkaSettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file)


def _faststream_security(settings: KafkaSettings) -> BaseSecurity | None:
    encrypted = settings.security_protocol in ("SSL", "SASL_SSL")
    context = _ssl_context(settings) if encrypted else None
    if settings.security_protocol.startswith("SASL"):
        mechanisms = {
            "PLAIN": SASLPlaintext,
            "SCRAM-SHA-256": SASLScram256,
            "SCRAM-SHA-512": SASLScram512,
        }
        password = settings.sasl_password.get_secret_value() if settings.sasl_password else ""
        return mechanisms[settings.sasl_mechanism](
            username=settings.sasl_username or "",
            password=password,
            ssl_context=context,
            use_ssl=encrypted,
        )
    return BaseSecurity(ssl_context=context, use_ssl=True) if encrypted else None
