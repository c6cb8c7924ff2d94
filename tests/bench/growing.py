"""One run of the growth case in a process of its own; prints it as JSON."""

import asyncio
import dataclasses
import json
import os
import sys

from kentongan.settings import KafkaSettings
from tests.bench import consuming_kit
from tests.bench.cases import ledger
from tests.bench.measuring import peak_memory
from tests.bench.read_models import LEDGER
from tests.bench.workbench import Workbench


async def main(side: str, amount: str, bootstrap: str, prefix: str, mongo_uri: str) -> None:
    workbench = Workbench(bootstrap, mongo_uri)
    workbench.names = f"bench-{os.getpid()}-"
    kafka = KafkaSettings(bootstrap_servers=bootstrap, topic_prefix=prefix)
    if side == "kit":
        run = await consuming_kit.consume(workbench, kafka, LEDGER, int(amount))
    else:
        run = await ledger.bare(workbench, kafka, int(amount))
    measured = dataclasses.replace(run, peak_bytes=peak_memory())
    sys.stdout.write(json.dumps(dataclasses.asdict(measured)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
