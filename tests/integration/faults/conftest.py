"""One town a module: its services are started once, and its loop is the module's."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kentongan.demo.clients import service_client as client
from kentongan.testing.environment import Backends
from tests.support.town import Town, open_town


@pytest.fixture(scope="session", autouse=True)
def patient_clients() -> None:
    """A service that was killed may take long to come back on a busy machine."""
    client.PATIENCE_SECONDS = 150.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(stack: Backends, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town with both services running."""
    folder = tmp_path_factory.mktemp("town")
    async with open_town(stack.kafka_bootstrap, stack.mongo_uri, folder) as town:
        await town.start()
        yield town
