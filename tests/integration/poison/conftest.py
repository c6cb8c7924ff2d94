"""A town whose placement alone runs: what it is fed is made by hand."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from kentongan.testing.environment import Backends
from tests.support.town import Town, open_town


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(stack: Backends, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    async with open_town(stack.kafka_bootstrap, stack.mongo_uri, folder) as town:
        await town.services.start(town.placement)
        yield town
