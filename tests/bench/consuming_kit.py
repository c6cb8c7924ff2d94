"""Consuming with the kit: its whole consumer loop on topics that are full already."""

import asyncio

from kentongan.messaging.consumer.loop import ConsumerLoop
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.subscriptions import ReadModelSubscription, Subscriptions
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Layout
from kentongan.storage.projections.build_markers import BuildMarkers
from tests.bench.measuring import Run, Stopwatch, count_of
from tests.bench.workbench import Workbench, log_watch

PATIENCE_SECONDS = 120.0


async def consume(
    workbench: Workbench, kafka: KafkaSettings, subscription: ReadModelSubscription, amount: int
) -> Run:
    """Consume `amount` events in a new group into a new database.

    Measured from the assignment of the partitions to the acknowledgement of the last write; all
    commits but the last lie in between. The read model is marked as built, so that the group reads
    from the beginning.
    """
    service = workbench.name("reader")
    subscriptions = Subscriptions((subscription,))
    (topic,) = (f"{kafka.topic_prefix}{topic}" for topic in subscriptions.topics)
    watch, done = Stopwatch(), asyncio.Event()
    consumed = metrics.CONSUMED.labels(service, topic)

    def on_applied(_: frozenset[str]) -> None:
        if count_of(consumed) >= amount:
            watch.stop()
            done.set()

    async with workbench.kit_database(lambda one: layouts(one, subscriptions)) as database:
        (read_model,) = bind(subscriptions, database)
        markers = BuildMarkers(database)
        await markers.mark_built(read_model.collection, {}, made_of=read_model.made_of)
        loop = ConsumerLoop(
            service=service,
            subscriptions=subscriptions,
            database=database,
            kafka=kafka,
            on_applied=on_applied,
        )
        log_watch.on("consumer.assigned", watch.start)
        await loop.start()
        try:
            await asyncio.wait_for(done.wait(), PATIENCE_SECONDS)
        finally:
            await loop.stop()
    return watch.run(amount)


def layouts(database: Database, subscriptions: Subscriptions) -> list[Layout]:
    """What a service that only reads needs."""
    return [*(one.projection.layout for one in bind(subscriptions, database)), DeadLetters.layout]
