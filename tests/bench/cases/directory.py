"""Consume and apply into a directory.

100,000 state events of 10,000 groups in random order, versions rising per group, on six partitions;
a batch of 10,000 holds about 6,300 groups, so it folds 1.58 to 1. Into placement's own directory of
groups with its two indexes. Bare: `consuming_bare` with `decode_kims`: poll up to 10,000, validate
each record, fold, one unordered bulk of pipeline-guarded upserts (majority, journalled) while the
next poll is decoded, commit.
"""

from collections.abc import Sequence
from typing import Any

from kentongan.storage.indexes import Layout
from tests.bench import consuming_bare, consuming_kit
from tests.bench.data import kim_events
from tests.bench.measuring import Comparison, Run, alternate
from tests.bench.read_models import DIRECTORY, KIM_INDEXES, KIMS
from tests.bench.workbench import Workbench

EVENTS = 100_000
AGGREGATES = 10_000


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount, aggregates = workbench.amount(EVENTS), workbench.amount(AGGREGATES)
    kafka = await workbench.filled("kims", KIMS, lambda: kim_events(amount, aggregates))

    async def kit() -> Run:
        return await consuming_kit.consume(workbench, kafka, DIRECTORY, amount)

    async def bare() -> Run:
        async with workbench.bare_database(_layouts) as database:

            async def write(bulk: Any) -> None:
                await database["directory.kims"].bulk_write(bulk, ordered=False)

            return await consuming_bare.consume(
                workbench, kafka, KIMS, amount, consuming_bare.decode_kims, write
            )

    kit_runs, bare_runs = await alternate(workbench.pairs, kit, bare)
    note = f"{amount:,} events over {aggregates:,} aggregates"
    return [Comparison("apply into a directory", kit_runs, bare_runs, 0.9, note=note)]


def _layouts(_: Any) -> list[Layout]:
    return [Layout("directory.kims", KIM_INDEXES)]
