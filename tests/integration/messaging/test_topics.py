from dataclasses import replace

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from kentongan.contracts import registry
from kentongan.contracts.catalogue import CATALOGUE, Catalogue
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.clients import make_admin
from kentongan.messaging.kafka.topics import ChangeKind, TopicsNotReady
from kentongan.settings import KafkaSettings
from kentongan.testing.environment import Backends
from tests.support.waiting import eventually


@pytest.fixture
def settings(stack: Backends, topic_prefix: str) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=stack.kafka_bootstrap, topic_prefix=topic_prefix)


async def test_what_is_planned_is_applied_and_then_verified(settings: KafkaSettings) -> None:
    planned = await topics.plan(settings, CATALOGUE)
    assert {change.kind for change in planned} == {ChangeKind.CREATE}
    assert f"{settings.topic_prefix}registry.kims" in {change.topic for change in planned}
    with pytest.raises(TopicsNotReady):
        await topics.verify(settings, CATALOGUE)

    assert await topics.apply(settings, CATALOGUE) == planned

    await topics.verify(settings, CATALOGUE)
    assert await topics.apply(settings, CATALOGUE) == []


async def test_compaction_and_expiry_are_corrected_and_the_rest_is_kept(
    settings: KafkaSettings,
) -> None:
    await topics.apply(settings, CATALOGUE)
    name = topics.topic_name(settings, "registry.kims")
    admin = make_admin(settings)
    await admin.start()
    try:
        changed = {"cleanup.policy": "compact", "retention.ms": "1000", "segment.bytes": "1048576"}
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, configs=changed)])
    finally:
        await admin.close()

    async def noticed() -> bool:
        return bool(await topics.plan(settings, CATALOGUE))

    await eventually(noticed)
    (change,) = await topics.apply(settings, CATALOGUE)

    assert (change.kind, change.topic) == (ChangeKind.CONFIGURE, name)
    await topics.verify(settings, CATALOGUE)
    admin = make_admin(settings)
    await admin.start()
    try:
        kept = await topics._configuration(admin, name)
    finally:
        await admin.close()
    assert kept["segment.bytes"] == ("1048576", True)


async def test_partitions_are_never_changed(
    settings: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await topics.apply(settings, CATALOGUE)
    wider = replace(registry.KIMS, partitions=12)
    contract = replace(registry.KimRegistered.contract, topic=wider)
    monkeypatch.setattr(registry.KimRegistered, "contract", contract)
    wider_catalogue = Catalogue((registry.KimRegistered,))

    (change,) = await topics.apply(settings, wider_catalogue)

    assert change.kind is ChangeKind.CONFLICT
    assert "has 6 partitions" in change.detail
    counts = await topics.partitions_of(settings, [change.topic])
    assert counts == {change.topic: 6}
