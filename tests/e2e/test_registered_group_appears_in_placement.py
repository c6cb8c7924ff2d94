"""The first promise of the system: what one service answers, another one shows."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kentongan.local.service_process import ServiceProcess
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from tests.support.office import open_office
from tests.support.verdict import judge
from tests.support.waiting import eventually


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    await services.prepare()
    yield services
    await services.remove()


async def test_a_registered_group_appears_in_placement_and_so_does_its_suspension(
    services: RunningServices,
) -> None:
    registry, placement = services.process("registry"), services.process("placement")
    await services.start(registry, placement)
    async with open_office(registry.base_url, seed=3671) as office:
        group = await office.register_one()

        await eventually(
            lambda: _shows(placement, group.id, group.version, "registered"), what="it"
        )

        await office.suspend(group)

        await eventually(lambda: _shows(placement, group.id, group.version, "suspended"), what="it")
        await judge(services, office, registry=registry.base_url, placement=placement.base_url)


async def _shows(placement: ServiceProcess, kim_id: str, version: int, status: str) -> bool:
    async with httpx.AsyncClient(base_url=placement.base_url, trust_env=False) as http:
        shown = (await http.get("/v1/kims")).json()["items"]
    return [(kim["id"], kim["version"], kim["status"]) for kim in shown] == [
        (kim_id, version, status)
    ]
