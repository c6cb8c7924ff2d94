"""`python -m tests.bench.idle`: what mongod is asked while nothing happens, by twelve processes.

Each service runs as in production, its roles apart: api, consumer, relay (broadcast's with its
courier). Counted by mongod itself (`serverStatus`), per second; no comparison, and the machine's
speed hardly matters, for looks go by the clock.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient
from rich.console import Console
from rich.table import Table

from kentongan.process.service import find_service, service_names
from kentongan.testing.environment import embedded_stack
from kentongan.testing.running_services import RunningServices

SETTLED_SECONDS = 15.0
SECONDS = 60.0
OWN = {"hello", "ping", "serverStatus", "isMaster"}
"""The drivers' heartbeats, and these looks."""


async def measure(seconds: float = SECONDS) -> dict[str, float]:
    """Commands a second, by name; those of no account left out."""
    async with embedded_stack() as stack:
        with tempfile.TemporaryDirectory() as folder:
            services = RunningServices(
                kafka_bootstrap=stack.kafka_bootstrap,
                mongo_uri=stack.mongo_uri,
                log_folder=Path(folder),
            )
            try:
                await services.prepare()
                await services.start(*processes(services))
                await asyncio.sleep(SETTLED_SECONDS)
                async with AsyncMongoClient[dict[str, Any]](stack.mongo_uri) as client:
                    before, began = await commands(client), time.monotonic()
                    await asyncio.sleep(seconds)
                    after, took = await commands(client), time.monotonic() - began
            finally:
                await services.stop()
    rates = {name: (after[name] - before.get(name, 0)) / took for name in after}
    return {name: rate for name, rate in rates.items() if rate > 0 and name not in OWN}


def processes(services: RunningServices) -> list[Any]:
    """Twelve, three a service."""
    return [
        services.process(name, roles=roles, name=f"{name}-{roles[0]}")
        for name in service_names()
        for roles in (
            ["api"],
            ["consumer"],
            [role for role in find_service(name).roles if role not in ("api", "consumer")],
        )
    ]


async def commands(client: AsyncMongoClient[dict[str, Any]]) -> Mapping[str, int]:
    """How often each command was run since mongod started."""
    status = await client.admin.command("serverStatus")
    return {
        name: figures["total"]
        for name, figures in status["metrics"]["commands"].items()
        if isinstance(figures, Mapping) and figures.get("total")
    }


def main() -> int:
    """Measure and print."""
    rates = asyncio.run(measure())
    table = Table("command", "a second", title="mongod, twelve idle processes", show_edge=False)
    for name, rate in sorted(rates.items(), key=lambda each: -each[1]):
        table.add_row(name, f"{rate:.1f}")
    table.add_row("all", f"{sum(rates.values()):.1f}")
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
