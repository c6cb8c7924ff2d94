"""Kafka, MongoDB and every role: killed, paused, restarted while clerks work; nothing is lost."""

import asyncio
import os
import signal
from random import SystemRandom

import pytest

from tests.deploy.compose.city import City
from tests.deploy.compose.load import judge, open_clerks
from tests.deploy.compose.test_restarts import ROLES
from tests.support.office import Office
from tests.support.waiting import eventually

pytestmark = pytest.mark.long
EVERY_ROLE = tuple(role for roles in ROLES.values() for role in roles)


async def kill(city: City, service: str) -> None:
    """As a crash: the process is gone, and the engine starts the container again by itself."""
    [container] = await asyncio.to_thread(city.containers, service)
    before = await asyncio.to_thread(city.inspect, container)
    os.kill(before["State"]["Pid"], signal.SIGKILL)

    async def again() -> bool:
        now = await asyncio.to_thread(city.inspect, container)
        return bool(now["RestartCount"] > before["RestartCount"] and now["State"]["Running"])

    await eventually(again, seconds=120, what=f"{service} runs again")


async def pause(city: City, service: str) -> None:
    """For longer than any single wait for an answer."""
    await asyncio.to_thread(city.compose, "pause", service)
    try:
        await asyncio.sleep(12.0)
    finally:
        await asyncio.to_thread(city.compose, "unpause", service)


async def restart(city: City, service: str) -> None:
    """In order, as for an upgrade of it."""
    await asyncio.to_thread(city.compose, "restart", "--timeout", "60", service)


@pytest.mark.parametrize("service", ["kafka", "mongo"])
async def test_a_backend_goes_away_in_each_way(core: City, service: str) -> None:
    async with open_clerks(core, SystemRandom().randrange(2**31)) as (office, _):
        groups = await office.register(4)
        async with office.working(groups, newcomers=12):
            for fault in (kill, pause, restart):
                await fault(core, service)
                await _goes_on(office, f"{service}: {fault.__name__}")
        await judge(core, office)
    await _all_healthy(core)


async def test_every_role_is_killed(core: City) -> None:
    async with open_clerks(core, SystemRandom().randrange(2**31)) as (office, _):
        groups = await office.register(4)
        async with office.working(groups, newcomers=12):
            for role in EVERY_ROLE:
                await kill(core, role)
            await _goes_on(office, "every role killed")
        await judge(core, office)
    await _all_healthy(core)


async def test_every_role_is_paused(core: City) -> None:
    async with open_clerks(core, SystemRandom().randrange(2**31)) as (office, _):
        groups = await office.register(4)
        async with office.working(groups, newcomers=12):
            await asyncio.gather(*(pause(core, role) for role in EVERY_ROLE))
            await _goes_on(office, "every role paused")
        await judge(core, office)
    await _all_healthy(core)


async def _goes_on(office: Office, after: str) -> None:
    """Commands are answered again: some more than before, from whoever still works."""
    seen = office.answered
    more = f"commands after {after}"
    await eventually(lambda: office.answered > seen + 3, seconds=120, what=more)


async def _all_healthy(city: City) -> None:
    async def healthy() -> bool:
        for role in (*EVERY_ROLE, "kafka", "mongo", "edge"):
            for container in await asyncio.to_thread(city.containers, role):
                state = (await asyncio.to_thread(city.inspect, container))["State"]
                if state["Health"]["Status"] != "healthy":
                    return False
        return True

    await eventually(healthy, seconds=180, what="all containers healthy")
