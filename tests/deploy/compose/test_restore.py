"""The database is lost and restored from a backup that is older than the topics."""

import asyncio
from random import SystemRandom

import pytest

from tests.deploy.compose.city import SERVICES, City, docker
from tests.deploy.compose.conftest import new_city, running
from tests.deploy.compose.load import open_clerks
from tests.deploy.compose.test_restarts import ROLES
from tests.support.verdict import directory_view
from tests.support.waiting import eventually

pytestmark = pytest.mark.long
PROCESSES = tuple(role for roles in ROLES.values() for role in roles)


async def test_a_restored_city_goes_on_where_its_topics_are(
    images: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running(new_city(tmp_path_factory.mktemp("restore"), images)) as city:
        async with open_clerks(city, SystemRandom().randrange(2**31)) as (office, _):
            [group] = await office.register(1)
            await asyncio.to_thread(_back_up, city)
            # After the backup: the group's topic goes on, its database will not know of it.
            for number in range(3):
                await office.rename(group, f"Sesudah cadangan {number}")
            ahead = group.version
            await _until_known(city, group.id, ahead)

            await asyncio.to_thread(_lose_and_restore, city)
            for service in SERVICES:
                said = await asyncio.to_thread(_catch_up, city, service)
                print(f"{service}: {said.splitlines()[-1]}")
            await asyncio.to_thread(city.up)

            # A reader follows only what is above all that it has seen.
            group.version = await _version_now(city, group.id)
            await office.rename(group, "Sesudah pemulihan")
            assert group.version > ahead
            await _until_known(city, group.id, group.version)


def _back_up(city: City) -> None:
    """A snapshot of the volume, as a platform makes it, of a mongod at rest."""
    city.compose("stop", "mongo")
    _copy(city, "mongo", "backup")
    city.compose("start", "mongo")


def _lose_and_restore(city: City) -> None:
    city.compose("stop", *PROCESSES, "mongo")
    _copy(city, "backup", "mongo")
    city.compose("start", "mongo")


def _copy(city: City, source: str, target: str) -> None:
    """All of a volume in the place of another's content."""
    volumes = [f"{city.name}_{source}:/from:ro", f"{city.name}_{target}:/to"]
    docker(
        *("run", "--rm", "--network", "none", "--user", "0:0"),
        *(word for volume in volumes for word in ("--volume", volume)),
        *("--entrypoint", "sh", city.image("registry"), "-c"),
        "find /to -mindepth 1 -delete && cp -a /from/. /to/ && chown --reference=/from /to",
    )


def _catch_up(city: City, service: str) -> str:
    """As the manual says, before any process of the service starts."""
    command = (
        "run",
        "--rm",
        "--no-deps",
        "-T",
        f"storage-{service}",
        "storage",
        "catch-up",
        service,
    )
    return city.compose(*command)


async def _version_now(city: City, group: str) -> int:
    """As placement knows it, once it has built its directory anew."""
    known: list[int] = []

    async def shown() -> bool:
        view = await directory_view(f"{city.edge}/placement")
        known[:] = [view.held[group].version] if group in view.held else []
        return bool(known)

    await eventually(shown, seconds=180, what="the directory is built anew")
    return known[0]


async def _until_known(city: City, group: str, version: int) -> None:
    async def shown() -> bool:
        return await _version_now(city, group) >= version

    await eventually(shown, seconds=180, what=f"placement knows version {version}")
