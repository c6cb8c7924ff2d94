"""A real process of scoring, used as the tests use one inside their own."""

import httpx

from kentongan.local.service_process import ServiceProcess
from kentongan.storage.driver import Database
from kentongan.testing.assemblies import assemble
from tests.integration.scoring.conftest import Running
from tests.support.clock import Clock


def at(process: ServiceProcess, database: Database, client: httpx.AsyncClient) -> Running:
    """The process as a test uses it; events are told to its database as its consumer would."""
    client.base_url = httpx.URL(process.base_url)
    return Running(assemble("scoring").assembly, database, client, Clock())
