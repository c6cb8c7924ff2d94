"""Apply at 1x and 10x: time per item and peak memory, each run in a process of its own.

10,000 and 100,000 facts into a ledger, kit and bare as in the ledger's case; a directory would fold
otherwise at another amount. Peak memory is the process's highest resident size, imports included.
The last row compares the kit with itself: 10x against 1x, the time per item.
"""

from collections.abc import Sequence

from tests.bench import growing
from tests.bench.apart import Measured, run_apart
from tests.bench.data import activity_events
from tests.bench.measuring import Comparison, Contender, Run, alternate
from tests.bench.read_models import FACTS
from tests.bench.workbench import Workbench

EVENTS = 10_000
GROWTH = 10


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount = workbench.amount(EVENTS)
    contenders = [
        await _contender(workbench, side, one)
        for one in (amount, amount * GROWTH)
        for side in (growing.kit, growing.bare)
    ]
    kit, bare, kit_grown, bare_grown = await alternate(workbench.pairs, *contenders)
    note = f"{amount:,} events"
    return [
        Comparison("apply 1x, own process", kit, bare, note=note),
        Comparison("apply 10x, own process", kit_grown, bare_grown, 0.9, note=f"{GROWTH} x {note}"),
        Comparison("kit at 10x / kit at 1x", kit_grown, kit, 0.9, note="time per item"),
    ]


async def _contender(workbench: Workbench, side: Measured, amount: int) -> Contender:
    kafka = await workbench.filled(f"facts-{amount}", FACTS, lambda: activity_events(amount))

    async def contend() -> Run:
        return await run_apart(
            side, str(amount), kafka.bootstrap_servers, kafka.topic_prefix, workbench.mongo_uri
        )

    return contend
