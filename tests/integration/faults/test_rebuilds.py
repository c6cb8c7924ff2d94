"""A read model is rebuilt, or is suddenly gone, while the registry goes on writing."""

import asyncio
from contextlib import suppress

import httpx
import pytest

from kentongan.testing.running_services import logged
from tests.support.town import Town
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults-rebuild")]

DIRECTORY = "directory.kims"


async def test_a_read_model_is_rebuilt_under_load_and_is_never_seen_half(town: Town) -> None:
    office = town.office
    groups = await office.register(8)
    await town.judge()
    seen: list[int] = []
    watching = asyncio.create_task(watch(town, seen))

    async with office.working(groups, newcomers=40):
        for _ in range(2):
            answered = office.answered
            rebuilt = await town.services.command("rebuild", "placement", "kims")
            assert rebuilt.exit_code == 0, rebuilt.output
            assert int(rebuilt.output.split("kims:")[1].split()[0]) >= len(groups)
            assert office.answered > answered

    await town.judge()
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    assert len(seen) > 10
    assert min(seen) >= len(groups)


async def test_a_read_model_that_was_dropped_is_built_before_it_serves(town: Town) -> None:
    office = town.office
    groups = office.groups[:8] or await office.register(8)
    await town.judge()
    await town.placement.stop()
    async with town.services.database("placement") as database:
        await database.drop_collection(DIRECTORY)
    builds = len(logged(town.placement, "rebuild.done"))

    async with office.working(groups, newcomers=25):
        await town.start()

    done = logged(town.placement, "rebuild.done")
    assert len(done) == builds + 1
    assert done[-1]["records"] >= len(groups)
    await town.judge()


async def test_a_read_model_dropped_from_under_its_service_comes_back_by_itself(
    town: Town,
) -> None:
    office = town.office
    groups = office.groups[:8] or await office.register(8)
    await town.judge()
    builds = len(logged(town.placement, "rebuild.done"))

    async with office.working(groups, newcomers=25):
        async with town.services.database("placement") as database:
            await database.drop_collection(DIRECTORY)
        await eventually(
            lambda: len(logged(town.placement, "rebuild.done")) > builds, what="it is built again"
        )

    await town.judge()


async def watch(town: Town, seen: list[int]) -> None:
    """Note again and again how many groups the public is shown."""
    async with httpx.AsyncClient(base_url=town.placement.base_url, trust_env=False) as http:
        while True:
            page = await http.get("/v1/kims", params={"limit": 100})
            seen.append(len(page.raise_for_status().json()["items"]))
            await asyncio.sleep(0.02)
