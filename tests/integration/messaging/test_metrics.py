"""What an operator's figures say of a consumer and a relay, while a broker comes and goes."""

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Iterator
from io import StringIO

import pytest
import structlog
from prometheus_client import REGISTRY

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.local.stack import EmbeddedStack
from kentongan.messaging.consumer.loop import ConsumerLimits
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.kafka.topics import topic_name
from kentongan.observability.logging import configure_logging
from kentongan.settings import KafkaSettings
from kentongan.storage import plan
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import close, connect, open_database
from kentongan.testing.environment import run_apart
from tests.integration.messaging.test_poison import poisonous
from tests.integration.messaging.village import BOTH, SERVICE, Village
from tests.support.waiting import eventually

QUICK = ConsumerLimits(look_seconds=0.2)
MEMBER = """
import asyncio, sys
from aiokafka import AIOKafkaConsumer

async def join(bootstrap, group, *topics):
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap, group_id=group, session_timeout_ms=30_000
    )
    await consumer.start()
    print("joined", flush=True)
    await asyncio.sleep(600)

asyncio.run(join(*sys.argv[1:]))
"""
PARTITIONS = sum(CATALOGUE.topics[topic].partitions for topic in BOTH.topics)


def shown(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"service": SERVICE, **labels})


def lags(prefix: str = "") -> dict[tuple[str, str], float]:
    """By topic and partition, of this test's topics."""
    return {
        (sample.labels["topic"], sample.labels["partition"]): sample.value
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name == "kentongan_consumer_lag_records"
        and sample.labels["service"] == SERVICE
        and sample.labels["topic"].startswith(prefix)
    }


def visible(topic: str) -> float:
    return shown("kentongan_event_visible_seconds_count", topic=topic) or 0.0


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """All that a process would write, as JSON lines."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", written)
        configure_logging(SERVICE, log_format="json")
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
async def breakable(own_stack: EmbeddedStack) -> AsyncIterator[Village]:
    kafka = KafkaSettings(bootstrap_servers=own_stack.kafka_bootstrap)
    await topics.apply(kafka, CATALOGUE)
    client = connect(own_stack.mongo_uri, application="metrics-tests")
    village = Village(open_database(client, "test_metrics"), kafka)
    layouts = (village.kims.layout, village.activities.layout, DeadLetters.layout)
    await plan.apply(village.database, layouts)
    yield village
    await village.stop()
    close(client)


async def test_figures_go_with_the_broker_and_come_back(
    logs: StringIO, breakable: Village, own_stack: EmbeddedStack
) -> None:
    await breakable.relay()
    await breakable.consumer(limits=QUICK)
    await breakable.register("kim-1")
    await eventually(lambda: breakable.knows("kim-1", "Gerendeng"))
    await eventually(lambda: shown("kentongan_consumer_connected") == 1.0)
    await eventually(lambda: len(lags()) == PARTITIONS)

    run_apart(own_stack.kill_broker)
    await eventually(lambda: shown("kentongan_consumer_connected") == 0.0, seconds=10)
    assert lags() == {}
    began = time.monotonic()
    logs.truncate(0)
    logs.seek(0)
    poll = shown("kentongan_consumer_last_poll_timestamp_seconds") or 0.0
    await breakable.rename("kim-1", "while it was away")
    # As many of the loop's own turns as a broker's absence gives sentences for.
    for _ in range(5):
        before = shown("kentongan_consumer_last_poll_timestamp_seconds") or 0.0
        await eventually(
            lambda before=before: (  # type: ignore[misc]
                (shown("kentongan_consumer_last_poll_timestamp_seconds") or 0.0) > before
            )
        )
    lines = [json.loads(line) for line in logs.getvalue().splitlines()]
    seconds = time.monotonic() - began
    libraries = [line for line in lines if line["event"] == "library.said"]
    print(f"{len(lines)} lines in {seconds:.1f} s, {len(libraries)} of libraries")
    places = {(one["library"], one["level"], one.get("client")) for one in libraries}
    assert places, "the library says that the broker is away"
    assert {client for _, _, client in places} <= {f"{SERVICE}-consumer", f"{SERVICE}-relay"}
    # Each place in a library's code is heard once, however long it lasts.
    assert len(libraries) < 30
    assert (shown("kentongan_consumer_last_poll_timestamp_seconds") or 0.0) > poll

    run_apart(own_stack.restart_broker)
    await eventually(lambda: shown("kentongan_consumer_connected") == 1.0)
    await eventually(lambda: breakable.knows("kim-1", "while it was away"))
    await eventually(lambda: len(lags()) == PARTITIONS)
    assert set(lags().values()) == {0.0}


async def test_a_paused_broker_is_not_connected(
    breakable: Village, own_stack: EmbeddedStack
) -> None:
    """It keeps its connections, and answers nothing."""
    await breakable.consumer(limits=QUICK)
    await eventually(lambda: shown("kentongan_consumer_connected") == 1.0)
    own_stack.pause_broker()
    try:
        await eventually(lambda: shown("kentongan_consumer_connected") == 0.0, seconds=10)
        assert lags() == {}
    finally:
        own_stack.resume_broker()
    await eventually(lambda: shown("kentongan_consumer_connected") == 1.0)


async def test_partitions_are_shown_while_a_dead_member_is_waited_for(village: Village) -> None:
    """A process that was killed leaves a member behind, which the group waits for."""
    prefix = village.kafka.topic_prefix
    builder = await village.consumer(limits=QUICK)
    await eventually(village.built(builder))
    await village.end(builder)
    group = group_id(village.kafka, SERVICE)
    names = [topic_name(village.kafka, topic) for topic in BOTH.topics]
    member = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", MEMBER, village.kafka.bootstrap_servers, group, *names),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert member.stdout is not None
        assert await member.stdout.readline() == b"joined\n"
    finally:
        member.kill()
        await member.wait()
    await village.relay()
    await village.register("kim-1")
    await village.consumer(limits=QUICK)

    # Long before the dead one's session is over, and nobody owns any partition.
    await eventually(lambda: len(lags(prefix)) == PARTITIONS, seconds=10)
    await eventually(lambda: sum(lags(prefix).values()) == 1.0, seconds=10)
    assert not await village.knows("kim-1", "Gerendeng")

    await eventually(lambda: village.knows("kim-1", "Gerendeng"), seconds=90)
    await eventually(lambda: sum(lags(prefix).values()) == 0.0)


async def test_live_events_are_timed_and_history_is_not(village: Village) -> None:
    topic = f"{village.kafka.topic_prefix}registry.kims"
    await village.relay()
    for number in range(5):
        await village.register(f"kim-{number}")
    await eventually(village.outbox_empty)
    consumer = await village.consumer(limits=QUICK)
    await eventually(village.built(consumer))
    await village.register("kim-live")
    await eventually(lambda: village.knows("kim-live", "Gerendeng"))
    await eventually(lambda: visible(topic) >= 1.0)
    assert visible(topic) == 1.0
    assert (shown("kentongan_event_visible_seconds_sum", topic=topic) or 0.0) < 60.0
    await eventually(
        lambda: (shown("kentongan_consumer_last_commit_timestamp_seconds") or 0.0) > 0.0
    )


async def test_a_record_set_aside_has_a_line(logs: StringIO, village: Village) -> None:
    consumer = await village.consumer(limits=QUICK)
    await eventually(village.built(consumer))
    bad = poisonous()
    await village.publish_raw(list(bad.values()))

    async def all_kept() -> bool:
        return await village.dead_letters.count() == len(bad)

    await eventually(all_kept)
    await village.end(consumer)
    lines = [json.loads(line) for line in logs.getvalue().splitlines()]
    told = [line for line in lines if line["event"] == "record.set_aside"]
    letters = await village.dead_letters.list()
    assert sorted(
        (one["topic"], one["partition"], one["offset"], one["reason"]) for one in told
    ) == (sorted((one.topic, one.partition, one.offset, one.reason) for one in letters))
