"""Delivery planning: one content for 83,762 groups, each with its inbox and two webhooks.

Each run in a process of its own, for its peak of memory. Kit: the courier's planning from a content
just published to a planning complete: claim it, read groups and webhooks by the thousand groups,
look at the content before each chunk, insert its deliveries, move the cursor. Bare: insert_many of
the very deliveries that the kit planned, 3,000 at a time (a thousand groups), unordered, majority
and journalled, into a collection with the same indexes; they are read in chunks as well, between
the inserts, and that isn't measured.
"""

from collections.abc import Sequence

from kentongan.storage import plan
from services.broadcast.app import service
from services.broadcast.stores import open_stores
from tests.bench import planning_apart
from tests.bench.apart import run_apart
from tests.bench.assembled import assemble, layouts
from tests.bench.broadcasting import KIM_COUNT, SETTINGS, WEBHOOKS, publish, seed
from tests.bench.measuring import Comparison, Run, alternate
from tests.bench.workbench import Workbench

NOWHERE = "http://127.0.0.1:9/"


async def run(workbench: Workbench) -> Sequence[Comparison]:
    groups = workbench.amount(KIM_COUNT)
    deliveries = groups * (1 + WEBHOOKS)
    uri, chunk = workbench.mongo_uri, str(SETTINGS.broadcast_planning_groups)
    async with workbench.kit_database(
        lambda one: layouts(assemble(service, SETTINGS, one), one)
    ) as database:
        stores = open_stores(database)
        await seed(database, groups, NOWHERE)

        async def kit() -> Run:
            await database.drop_collection(stores.deliveries.name)
            await plan.apply(database, [stores.deliveries.layout])
            await publish(stores)
            return _whole(await run_apart(planning_apart.kit, uri, database.name))

        async def bare() -> Run:
            return _whole(await run_apart(planning_apart.bare, uri, database.name, chunk))

        def _whole(one: Run) -> Run:
            if one.items != deliveries:
                raise AssertionError(f"{one.items} deliveries, not {deliveries}")
            return one

        kit_runs, bare_runs = await alternate(workbench.pairs, kit, bare)
    note = f"{groups:,} groups x {1 + WEBHOOKS} channels, own process"
    return [Comparison("delivery planning", kit_runs, bare_runs, 0.9, "deliveries", note)]
