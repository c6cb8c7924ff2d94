"""One run of the planning case, for a process of its own: all arguments are text."""

import os
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient

from kentongan.storage.driver import close, connect, open_database
from services.broadcast.stores import open_stores
from tests.bench.broadcasting import WEBHOOKS, planning
from tests.bench.measuring import Run, Stopwatch
from tests.bench.workbench import Workbench

IN_ID_ORDER = [("_id", 1)]


async def kit(mongo_uri: str, database_name: str) -> Run:
    """Plan whatever waits in this database."""
    client = connect(mongo_uri, application="kentongan-bench")
    database = open_database(client, database_name)
    stores = open_stores(database)
    watch = Stopwatch()
    watch.start()
    await planning(stores, database).plan_waiting()
    watch.stop()
    planned = await stores.deliveries.count({})
    close(client)
    return watch.run(planned)


async def bare(mongo_uri: str, database_name: str, chunk: str) -> Run:
    """Insert the deliveries of this database into another one; reading them isn't measured."""
    workbench = Workbench("", mongo_uri)
    workbench.names = f"bench-{os.getpid()}-"
    client: Any = AsyncIOMotorClient(mongo_uri, tz_aware=True)
    planned = client[database_name]["deliveries"].find().sort(IN_ID_ORDER)
    runs: list[Run] = []
    async with workbench.bare_database(lambda one: [open_stores(one).deliveries.layout]) as plain:
        while documents := await planned.to_list(int(chunk) * (1 + WEBHOOKS)):
            watch = Stopwatch()
            watch.start()
            await plain["deliveries"].insert_many(documents, ordered=False)
            watch.stop()
            runs.append(watch.run(len(documents)))
    client.close()
    return Run(
        sum(run.items for run in runs),
        sum(run.seconds for run in runs),
        sum(run.cpu_seconds for run in runs),
    )
