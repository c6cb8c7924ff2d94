"""The relay: find, produce, gather the acknowledgements, clear.

10,000 groups with two events each wait in their outboxes. Measured from the start of the relay,
its producer included, until everything is published and cleared. Kit: Relay. Bare: find the 400
that have waited longest, encode and send their events one after the other through an idempotent
producer, gather, clear by one unordered bulk of pipeline updates; again, until nothing is left.
Produce alone: the same events from memory, encoded and sent in the same rounds; the second row
compares the kit's relay with it, and has no aim: it shows what finding and clearing cost.
"""

from collections.abc import Sequence
from typing import Any

from kentongan.contracts.registry import KIMS, KimUpdated
from kentongan.local.polling import wait_until
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.relay.loop import Relay
from kentongan.observability import metrics
from kentongan.settings import KafkaSettings
from kentongan.storage.indexes import Layout
from kentongan.storage.outbox import PENDING_INDEX
from tests.bench import consuming_kit, relaying_bare
from tests.bench.data import BEGINNING, identity, kim_data, recorded
from tests.bench.measuring import Comparison, Run, Stopwatch, alternate, count_of
from tests.bench.workbench import SOURCE, Workbench

AGGREGATES = 10_000
EVENTS_EACH = 2


async def run(workbench: Workbench) -> Sequence[Comparison]:
    kafka = await workbench.topics("relay")
    documents = pending_documents(workbench.amount(AGGREGATES))

    async def kit() -> Run:
        async with workbench.kit_database(_layouts) as database:
            await database["kims"].insert_many(documents, ordered=False)
            return await _relayed(workbench, kafka, database)

    async def bare() -> Run:
        async with workbench.bare_database(_layouts) as database:
            await database["kims"].insert_many(documents, ordered=False)
            return await relaying_bare.relay(kafka, database["kims"], len(documents) * EVENTS_EACH)

    async def produce() -> Run:
        return await relaying_bare.produce(kafka, documents)

    kit_runs, bare_runs, produced = await alternate(workbench.pairs, kit, bare, produce)
    note = f"{len(documents):,} aggregates with {EVENTS_EACH}"
    return [
        Comparison("relay", kit_runs, bare_runs, 0.9, note=note),
        Comparison("relay / produce alone", kit_runs, produced, note="for information"),
    ]


async def _relayed(workbench: Workbench, kafka: KafkaSettings, database: Any) -> Run:
    service = workbench.name("relay")
    events = workbench.amount(AGGREGATES) * EVENTS_EACH
    published = metrics.PUBLISHED.labels(service, topic_name(kafka, KIMS.name))
    relay = Relay(
        service=service, source=SOURCE, database=database, collections=["kims"], kafka=kafka
    )
    watch = Stopwatch()
    watch.start()
    await relay.start()
    try:
        if not await wait_until(
            lambda: count_of(published) >= events,
            seconds=consuming_kit.PATIENCE_SECONDS,
            every=0.002,
        ):
            raise TimeoutError("the relay did not publish everything")
        watch.stop()
    finally:
        await relay.stop()
    if await database["kims"].count_documents({"pending_since": {"$exists": True}}):
        raise AssertionError("the relay left something behind")
    return watch.run(events)


def pending_documents(aggregates: int) -> list[dict[str, Any]]:
    """Groups as two commands left them."""
    return [
        {
            "_id": identity(number),
            "version": EVENTS_EACH,
            "state": kim_data(number),
            "outbox": [_entry(number, version) for version in range(1, EVENTS_EACH + 1)],
            "pending_since": BEGINNING,
            "keys": [],
            "decisions": [],
        }
        for number in range(aggregates)
    ]


def _entry(number: int, version: int) -> dict[str, Any]:
    event = recorded(
        number * EVENTS_EACH + version,
        KimUpdated.contract.type,
        identity(number),
        version,
        kim_data(number),
    )
    names = ("event_id", "type", "sequence", "data", "time", "correlation_id", "causation_id")
    return {name: getattr(event, name) for name in (*names, "traceparent")}


def _layouts(_: Any) -> list[Layout]:
    return [Layout("kims", (PENDING_INDEX,))]
