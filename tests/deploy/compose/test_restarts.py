"""Every container is restarted, one after the other, while clerks work: nobody is refused."""

import asyncio
from random import SystemRandom

from tests.deploy.compose.city import SERVICES, City, docker
from tests.deploy.compose.load import judge, open_clerks
from tests.deploy.compose.test_season import scale
from tests.support.waiting import eventually

ROLES = {
    "registry": ("registry-api", "registry-worker"),
    "placement": ("placement-api", "placement-worker"),
    "broadcast": (
        *("broadcast-api", "broadcast-consumer", "broadcast-relay"),
        "broadcast-courier",
    ),
    "scoring": ("scoring-api", "scoring-consumer", "scoring-relay"),
}
APIS = tuple(f"{service}-api" for service in SERVICES)


async def test_a_rolling_restart_refuses_no_request_and_loses_no_event(core: City) -> None:
    # Two of each, as any city has that wants to restart by day.
    await asyncio.to_thread(scale, core, dict.fromkeys(APIS, 2))
    try:
        async with open_clerks(core, SystemRandom().randrange(2**31)) as (office, refusals):
            groups = await office.register(4)
            async with office.working(groups, newcomers=10):
                await asyncio.gather(*(_restart_in_turn(core, roles) for roles in ROLES.values()))
            await judge(core, office)
            assert refusals.seen == []
            assert office.gave_up == 0
            print(f"{office.answered} commands answered, {office.repeated} of them repeated")
    finally:
        await asyncio.to_thread(scale, core, dict.fromkeys(APIS, 1))


async def _restart_in_turn(city: City, roles: tuple[str, ...]) -> None:
    for role in roles:
        for container in await asyncio.to_thread(city.containers, role):
            await asyncio.to_thread(docker, "restart", "--time", "45", container)
            await eventually(
                lambda one=container: _healthy(city, one), seconds=180, what=f"{role} healthy"
            )


async def _healthy(city: City, container: str) -> bool:
    found = await asyncio.to_thread(city.inspect, container)
    return bool(found["State"]["Health"]["Status"] == "healthy")
