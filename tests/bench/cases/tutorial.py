"""The ledger against the tutorial shape: one handler call and one insert per event.

The kit applies 100,000 facts into a ledger; beside it stands what FastStream's tutorial shows: a
subscriber that takes one pydantic model, and inserts one document (majority, journalled) into the
same collection with the same index. 2,000 facts, the first ones of the same topic, with the
library's default acknowledgement, which is the fastest and may lose. The ratio is the multiple.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from faststream import Context
from faststream.kafka import KafkaBroker

from kentongan.contracts.placement import ActivityVerified
from tests.bench import consuming_kit
from tests.bench.cases.ledger import EVENTS, facts, layouts
from tests.bench.consuming_bare import Begins
from tests.bench.measuring import Comparison, Run, Stopwatch, alternate
from tests.bench.read_models import FACTS, LEDGER, activity_entry
from tests.bench.workbench import Workbench

SAMPLE = 2_000


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount = workbench.amount(EVENTS)
    kafka = await facts(workbench)

    async def kit() -> Run:
        return await consuming_kit.consume(workbench, kafka, LEDGER, amount)

    async def tutorial() -> Run:
        async with workbench.bare_database(layouts) as database:
            return await _tutorial(workbench, kafka, database["ledger.activities"])

    kit_runs, tutorial_runs = await alternate(workbench.pairs, kit, tutorial)
    return [Comparison("ledger / tutorial shape", kit_runs, tutorial_runs, 50.0, note="multiple")]


async def _tutorial(workbench: Workbench, kafka: Any, collection: Any) -> Run:
    watch, done, handled = Stopwatch(), asyncio.Event(), 0
    broker = KafkaBroker(kafka.bootstrap_servers, logger=None)

    @broker.subscriber(
        kafka.topic_prefix + FACTS,
        group_id=workbench.name("tutorial"),
        auto_offset_reset="earliest",
        listener=Begins(watch),
    )
    async def handle(
        fact: ActivityVerified, event_id: Annotated[str, Context("message.headers.ce_id")]
    ) -> None:
        nonlocal handled
        entry = activity_entry(fact)
        await collection.insert_one({"_id": event_id, "entry": entry | {"date": str(fact.date)}})
        handled += 1
        if handled == workbench.amount(SAMPLE):
            watch.stop()
            done.set()

    await broker.start()
    try:
        await asyncio.wait_for(done.wait(), consuming_kit.PATIENCE_SECONDS)
    finally:
        await broker.stop()
    return watch.run(workbench.amount(SAMPLE))
