"""Consume and apply into a ledger.

100,000 fact events, each with a key and an id of its own, on six partitions, into a ledger with one
index. Bare: `consuming_bare` with `decode_activities`: poll up to 10,000, validate each record, one
unordered insert by event id (majority, journalled) while the next poll is decoded, commit.
"""

from collections.abc import Sequence
from typing import Any

from kentongan.settings import KafkaSettings
from kentongan.storage.indexes import Layout
from tests.bench import consuming_bare, consuming_kit
from tests.bench.data import activity_events
from tests.bench.measuring import Comparison, Run, alternate
from tests.bench.read_models import ACTIVITY_INDEXES, FACTS, LEDGER
from tests.bench.workbench import Workbench

EVENTS = 100_000


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount = workbench.amount(EVENTS)
    kafka = await facts(workbench)

    async def kit() -> Run:
        return await consuming_kit.consume(workbench, kafka, LEDGER, amount)

    async def plain() -> Run:
        return await bare(workbench, kafka, amount)

    kit_runs, bare_runs = await alternate(workbench.pairs, kit, plain)
    note = f"{amount:,} events"
    return [Comparison("apply into a ledger", kit_runs, bare_runs, 0.9, note=note)]


async def bare(workbench: Workbench, kafka: KafkaSettings, amount: int) -> Run:
    """The bare loop into a new collection."""
    async with workbench.bare_database(layouts) as database:

        async def write(bulk: Any) -> None:
            await database["ledger.activities"].insert_many(bulk, ordered=False)

        return await consuming_bare.consume(
            workbench, kafka, FACTS, amount, consuming_bare.decode_activities, write
        )


async def facts(workbench: Workbench) -> KafkaSettings:
    """The topics with the facts, which other cases read as well."""
    amount = workbench.amount(EVENTS)
    return await workbench.filled(f"facts-{amount}", FACTS, lambda: activity_events(amount))


def layouts(_: Any) -> list[Layout]:
    """The ledger's collection and index."""
    return [Layout("ledger.activities", ACTIVITY_INDEXES)]
