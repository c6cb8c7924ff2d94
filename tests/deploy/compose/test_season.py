"""The season's quick form in the secured city, from outside, while roles come and go."""

import os
import subprocess
import sys
from pathlib import Path
from random import SystemRandom

from tests.deploy.compose.city import PROJECT, City
from tests.deploy.compose.conftest import timed

SEASON_SECONDS = 900.0
MORE = {"broadcast-consumer": 3, "scoring-consumer": 3, "broadcast-courier": 2}


def test_a_season_from_outside_is_consistent_while_roles_are_scaled(
    secured: City, tmp_path: Path
) -> None:
    city = secured
    city.compose("--profile", "season", "up", "-d", "--no-build", "--no-deps", "receiver")
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
