"""A relay that was frozen past its lease wakes up and publishes what it had in hand: old news."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
import pytest_asyncio

from kentongan.local.service_process import ServiceProcess
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import logged
from kentongan.testing.tcp_proxy import TcpProxy
from tests.support.town import Town, behind, open_town, proxy_to
from tests.support.verdict import is_published
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults-lease")]

IN_HAND = "KIM Tertahan"
NEWER = "KIM Terlepas"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def relay_mongo(stack: Backends) -> AsyncIterator[TcpProxy]:
    async with proxy_to(stack.mongo_uri) as proxy:
        yield proxy


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(stack: Backends, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Nothing runs yet: who is first leads."""
    folder = tmp_path_factory.mktemp("town")
    async with open_town(stack.kafka_bootstrap, stack.mongo_uri, folder) as town:
        yield town


async def test_a_relay_that_slept_past_its_lease_repeats_and_harms_nothing(
    town: Town, relay_mongo: TcpProxy
) -> None:
    office = town.office
    sleeper = town.services.process(
        "registry", roles=("relay",), name="sleeper", settings=behind(relay_mongo)
    )
    await town.services.start(sleeper)
    await eventually(lambda: leads(sleeper), what="the sleeper leads")
    await town.start()
    group, *others = await office.register(4)
    assert not leads(town.registry)

    # The sleeper's question to the outbox is answered, but it sleeps before it can read that.
    relay_mongo.stall_at(IN_HAND.encode())
    await office.rename(group, IN_HAND)
    in_hand = group.version
    await eventually(lambda: relay_mongo.bytes_held > 0, what="the outbox's answer is held")
    sleeper.pause()
    relay_mongo.resume()

    await eventually(lambda: leads(town.registry), what="another one leads")
    await office.rename(group, NEWER)
    published = partial(is_published, town.services, group.id)
    await eventually(lambda: published(group.version), what="the newer version")
    assert await published(in_hand)
    assert not await published(in_hand, times=2)

    async with office.working(others):
        sleeper.resume()
        await eventually(lambda: published(in_hand, times=2), what="the sleeper's old news")

    verdict = await town.judge()
    assert verdict.checked.repeats >= 1


def leads(process: ServiceProcess) -> bool:
    return any(entry["task"] == "relay" for entry in logged(process, "leadership.taken"))
