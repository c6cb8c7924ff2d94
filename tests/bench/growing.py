"""One run of the growth case, for a process of its own: all arguments are text."""

import os

from kentongan.settings import KafkaSettings
from tests.bench import consuming_kit
from tests.bench.cases import ledger
from tests.bench.measuring import Run
from tests.bench.read_models import LEDGER
from tests.bench.workbench import Workbench


async def kit(amount: str, bootstrap: str, prefix: str, mongo_uri: str) -> Run:
    """The kit's consumer."""
    workbench, kafka = _workbench(bootstrap, prefix, mongo_uri)
    return await consuming_kit.consume(workbench, kafka, LEDGER, int(amount))


async def bare(amount: str, bootstrap: str, prefix: str, mongo_uri: str) -> Run:
    """The bare loop."""
    workbench, kafka = _workbench(bootstrap, prefix, mongo_uri)
    return await ledger.bare(workbench, kafka, int(amount))


def _workbench(bootstrap: str, prefix: str, mongo_uri: str) -> tuple[Workbench, KafkaSettings]:
    workbench = Workbench(bootstrap, mongo_uri)
    workbench.names = f"bench-{os.getpid()}-"
    return workbench, KafkaSettings(bootstrap_servers=bootstrap, topic_prefix=prefix)
