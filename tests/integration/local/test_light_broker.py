from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from kentongan.local.kafka.jars import KafkaFilesUnavailable
from kentongan.local.stack import EmbeddedStack
from kentongan.settings.machine import LocalSettings

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture
def no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalSettings:
    """A machine with an empty cache that reaches no Maven repository."""
    monkeypatch.setenv("KENTONGAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HTTPS_PROXY", NOBODY_LISTENS)
    return LocalSettings(
        data_folder=tmp_path / "data", kafka_bootstrap_servers=None, mongo_uri=None
    )


async def test_it_stands_in_says_so_and_forgets(no_registry: LocalSettings) -> None:
    async with EmbeddedStack(no_registry) as stack:
        assert stack.broker_kind == "light"
        words = " ".join(stack.describe())
        assert "lighter broker stands in for Apache Kafka" in words
        assert "nothing of this run is left" in words
        await exchange(stack.kafka_bootstrap)
        (no_registry.data_folder / "light" / "data" / "left-behind").touch()
    async with EmbeddedStack(no_registry):
        assert not (no_registry.data_folder / "light" / "data" / "left-behind").exists()


async def test_it_never_stands_in_where_apache_kafka_was_asked_for(
    no_registry: LocalSettings,
) -> None:
    with pytest.raises(KafkaFilesUnavailable):
        await EmbeddedStack(no_registry, allow_light_broker=False).start()


async def exchange(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("registry.kims", num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all") as producer:
        await producer.send_and_wait("registry.kims", b"halo", key=b"kim-1")
    async with AIOKafkaConsumer(
        "registry.kims",
        bootstrap_servers=bootstrap,
        group_id="placement",
        auto_offset_reset="earliest",
    ) as consumer:
        assert (await consumer.getone()).value == b"halo"
        await consumer.commit()
