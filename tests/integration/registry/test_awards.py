"""A group's page shows what it has won, from the topic on which scoring publishes its results."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.recorded import RecordedEvent
from kentongan.contracts.scoring import CompetitionState, ResultsPublished, StageClosed
from kentongan.domain.clock import utc_now
from kentongan.messaging.cloudevents import encode
from kentongan.messaging.consumer.loop import ConsumerLoop
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.clients import make_producer
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.messaging.read_models.rebuild import rebuild
from kentongan.settings import KafkaSettings
from kentongan.storage.dead_letters import DeadLetters
from kentongan.testing.environment import Backends
from tests.integration.registry.conftest import Running
from tests.integration.registry.desk import Desk
from tests.support.waiting import eventually

pytestmark = pytest.mark.days

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
EXAMPLE = ResultsPublished.contract.example


@pytest.fixture
async def kafka(
    stack: Backends, topic_prefix: str, registry: Running
) -> AsyncIterator[KafkaSettings]:
    """Topics, which the registry's consumer reads; it has built what was missing."""
    settings = KafkaSettings(bootstrap_servers=stack.kafka_bootstrap, topic_prefix=topic_prefix)
    await topics.apply(settings, CATALOGUE)
    deaths: list[str] = []
    consumer = ConsumerLoop(
        service="registry",
        subscriptions=registry.assembly.subscriptions,
        database=registry.database,
        kafka=settings,
        on_applied=lambda _: None,
        on_dead=deaths.append,
    )
    await consumer.start()
    read_models = bind(registry.assembly.subscriptions, registry.database)
    await eventually(Built(read_models, registry.database).all, what="the first build's end")
    yield settings
    await consumer.stop()
    assert deaths == []


def results(
    competition_id: str,
    published_at: str,
    *prizes: tuple[str, str, int | None],
    title: str = "Lomba",
) -> ResultsPublished:
    """Results with these prizes: name, group, rank."""
    won = [
        {"name": name, "kim_id": kim_id, "rank": rank, "entry_id": f"entry-{kim_id}"}
        for name, kim_id, rank in prizes
    ]
    outcome = {**EXAMPLE["results"], "published_at": published_at, "prizes": won}
    changed = {"competition_id": competition_id, "title": title, "results": outcome}
    return ResultsPublished.model_validate({**EXAMPLE, **changed})


async def publish(kafka: KafkaSettings, event: CompetitionState, sequence: int = 2) -> None:
    """As scoring's relay does."""
    record = encode(
        RecordedEvent(
            event_id=f"{event.key}-{sequence}",
            type=event.contract.type,
            key=event.key,
            sequence=sequence,
            time=utc_now(),
            data=event.model_dump(mode="json"),
            correlation_id="correlation",
            causation_id="causation",
            traceparent=TRACEPARENT,
        ),
        source="urn:kentongan:36.71:scoring",
    )
    producer = make_producer(kafka, client_id="scoring")
    await producer.start()
    try:
        await producer.send_and_wait(
            topic_name(kafka, "scoring.competitions"),
            value=record.value,
            key=record.key,
            headers=list(record.headers),
        )
    finally:
        await producer.stop()


async def awards(registry: Running, kim_id: str) -> list[dict[str, Any]]:
    shown = await registry.public.get(f"/kims/{kim_id}")
    assert shown.status_code == 200, shown.text
    return list(shown.json()["awards"])


def prizes(shown: list[dict[str, Any]]) -> list[tuple[str, str, int | None]]:
    return [(one["competition_id"], one["prize"], one["rank"]) for one in shown]


async def test_a_groups_page_shows_its_prizes(
    registry: Running, diskominfo: Desk, kafka: KafkaSettings
) -> None:
    mine = await diskominfo.registered()
    other = await diskominfo.registered("36.71.07.1012")
    assert await awards(registry, mine) == []

    digital = results(
        "c1",
        "2026-11-12T03:00:00Z",
        ("Juara 1", mine, 1),
        ("Juara 2", other, 2),
        ("Konten Terfavorit", mine, None),
        title="Lomba Kampung Digital",
    )
    await publish(kafka, StageClosed.model_validate({**EXAMPLE, "results": None}), sequence=1)
    await publish(kafka, digital)
    await publish(kafka, digital)
    await publish(kafka, results("c2", "2026-12-01T03:00:00Z", ("Juara Harapan", mine, 4)))

    async def all_there() -> bool:
        return len(await awards(registry, mine)) == 3

    await eventually(all_there)
    shown = await awards(registry, mine)
    assert prizes(shown) == [
        ("c2", "Juara Harapan", 4),
        ("c1", "Juara 1", 1),
        ("c1", "Konten Terfavorit", None),
    ]
    assert shown[1] == {
        "competition_id": "c1",
        "competition": "Lomba Kampung Digital",
        "prize": "Juara 1",
        "rank": 1,
        "published_at": "2026-11-12T03:00:00Z",
    }
    assert prizes(await awards(registry, other)) == [("c1", "Juara 2", 2)]
    page = await registry.public.get(f"/kims/{mine}")
    assert page.headers["etag"] == '"5"', "an award is no change of the group"
    assert await DeadLetters(registry.database).list(limit=10) == []


async def test_results_published_anew_replace_the_prizes(
    registry: Running, diskominfo: Desk, kafka: KafkaSettings
) -> None:
    kim_id = await diskominfo.registered()
    late = results("c1", "2026-11-13T03:00:00Z", ("Juara 2", kim_id, 2))
    await publish(kafka, late, sequence=3)
    await publish(kafka, results("c1", "2026-11-12T03:00:00Z", ("Juara 1", kim_id, 1)))
    await publish(kafka, results("c9", "2026-11-14T03:00:00Z", ("Juara 3", kim_id, 3)))

    async def newest() -> bool:
        return len(await awards(registry, kim_id)) == 2

    await eventually(newest)
    expected = [("c9", "Juara 3", 3), ("c1", "Juara 2", 2)]
    assert prizes(await awards(registry, kim_id)) == expected

    await registry.database["directory.competitions"].delete_many({})
    assert await awards(registry, kim_id) == []
    await rebuild(
        "registry",
        "competitions",
        subscriptions=registry.assembly.subscriptions,
        database=registry.database,
        kafka=kafka,
    )
    assert prizes(await awards(registry, kim_id)) == expected
