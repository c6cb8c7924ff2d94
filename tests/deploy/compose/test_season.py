"""The season's quick form from outside, while consumers and couriers come and go."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

import pytest

from tests.deploy.compose.city import PROJECT, City
from tests.deploy.compose.conftest import new_city, running, timed

SEASON_SECONDS = 900.0
MORE = {"broadcast-consumer": 3, "scoring-consumer": 3, "broadcast-courier": 2}


@pytest.fixture(scope="module")
def city(images: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """An empty city: the season's check holds all records against its own promises."""
    empty = new_city(tmp_path_factory.mktemp("season"), images)
    with running(empty):
        empty.compose("--profile", "season", "up", "-d", "receiver")
        yield empty


def test_a_season_from_outside_is_consistent_while_roles_are_scaled(
    city: City, tmp_path: Path
) -> None:
    seed = SystemRandom().randrange(2**31)
    print(f"seed {seed}")
    log = tmp_path / "season.log"
    with log.open("w") as output:
        season = subprocess.Popen(
            [
                *(sys.executable, "-m", "kentongan", "demo", "--quick", "--seed", str(seed)),
                *("--against", str(city.season_target()), "--page", str(tmp_path / "page.html")),
            ],
            cwd=tmp_path,
            env=_environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            timed("scaled up under load", lambda: scale(city, MORE))
            assert {service: len(city.containers(service)) for service in MORE} == MORE
            timed("scaled down under load", lambda: scale(city, dict.fromkeys(MORE, 1)))
            exit_code = season.wait(SEASON_SECONDS)
        finally:
            season.kill()
            season.wait()
    assert exit_code == 0, log.read_text()[-6000:]


def scale(city: City, numbers: dict[str, int]) -> None:
    """So many containers of each, all healthy; no other one is touched."""
    flags = [word for name, number in numbers.items() for word in ("--scale", f"{name}={number}")]
    city.compose("up", "-d", "--wait", "--no-build", "--no-recreate", "--no-deps", *flags, *numbers)


def _environment() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KENTONGAN_")}
    return {**ours, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'shared'}"}
