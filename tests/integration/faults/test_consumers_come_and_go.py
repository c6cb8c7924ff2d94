"""Consumers of one group join and leave, orderly and by kill -9, while events keep coming."""

import pytest

from kentongan.local.service_process import ServiceProcess
from kentongan.testing.running_services import logged
from tests.support.town import Town
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults-group")]

PARTITIONS = 6


async def test_consumers_join_and_leave_under_load(town: Town) -> None:
    office, services = town.office, town.services
    second, third = (
        services.process("placement", roles=("consumer",), name=name)
        for name in ("placement-2", "placement-3")
    )
    groups = await office.register(8)

    async with office.working(groups, newcomers=90):
        await services.start(second)
        await eventually(lambda: shares(second), what="the second has some partitions")
        await services.start(third)
        await eventually(lambda: shares(third), what="the third has some partitions")
        await second.stop()
        assert second.returncode == 0
        await third.kill()
        await eventually(lambda: has_all(town.placement), seconds=90, what="one has them all")

    verdict = await town.judge()
    assert len(logged(town.placement, "consumer.assigned")) >= 4
    assert verdict.checked.events > 50


def shares(process: ServiceProcess) -> bool:
    return any(0 < entry["partitions"] < PARTITIONS for entry in assignments(process))


def has_all(process: ServiceProcess) -> bool:
    return assignments(process)[-1]["partitions"] == PARTITIONS


def assignments(process: ServiceProcess) -> list[dict[str, int]]:
    return logged(process, "consumer.assigned")
