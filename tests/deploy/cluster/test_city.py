"""One city from its first minute on: rolled out, lived in, upgraded, drained, hurt."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from kentongan.demo.city.groups import draw_dossiers
from kentongan.demo.city.places import load_city
from kentongan.domain.calendar import day_in
from kentongan.domain.clock import utc_now
from kentongan.process.service import find_service, service_names
from tests.deploy.cluster.city import City, surroundings
from tests.deploy.cluster.load import Load
from tests.deploy.cluster.outside import addresses
from tests.deploy.lab.kubernetes.images import NEXT, TAG
from tests.deploy.lab.kubernetes.node_files import NODE

pytestmark = [pytest.mark.timeout(1_500), pytest.mark.xdist_group("cluster")]
SEED = 20261127
SEASON_SECONDS = 900


@pytest.fixture(scope="module")
def rolled_out(city: City) -> City:
    with city.timed("rolled out"):
        city.roll_out(TAG)
    return city


def load_on(city: City) -> Load:
    """Requests to the registry, whose proposals are a kelurahan's."""
    places = load_city("36.71")
    dossiers, _ = draw_dossiers(places.villages, seed=SEED, today=day_in(places.code, utc_now()))
    village = dossiers[0].village.code
    token = city.issuer.token(sub=f"kelurahan:{village}", roles=["village"], region=village)
    return Load(addresses()["registry"], token, dossiers[0].proposal())


def test_what_was_prepared_before_the_pods(rolled_out: City) -> None:
    for name in ("topics", *(f"{service}-storage" for service in service_names())):
        rolled_out.must("wait", "--for=condition=Complete", f"job/kentongan-{name}", "--timeout=1s")


def test_every_role_of_every_service_runs(rolled_out: City) -> None:
    for service in service_names():
        for role in find_service(service).roles:
            assert rolled_out.pods(service, role), (service, role)


def test_the_charts_own_test_finds_nothing_that_would_fail(rolled_out: City) -> None:
    with rolled_out.timed("helm test"):
        said = rolled_out.helm("test", "kentongan", "--logs", "--timeout", "5m")
    tables = said.split("POD LOGS: ")[1:]
    assert len(tables) == len(list(service_names()))
    for table in tables:
        # Examined to the end, with what this city's Kafka and MongoDB are not named as a doubt.
        assert "as the contracts want them" in table
        assert "MongoDB without TLS" in table
        assert "✗" not in table


def test_a_season_from_outside_is_consistent(rolled_out: City, tmp_path: Path) -> None:
    with rolled_out.target() as file, rolled_out.timed("season, quick form"):
        played = subprocess.run(
            [
                *(sys.executable, "-m", "kentongan", "demo", "--against", str(file)),
                *("--quick", "--seed", str(SEED)),
            ],
            capture_output=True,
            text=True,
            timeout=SEASON_SECONDS,
            check=False,
            cwd=tmp_path,
            env=surroundings(),
        )
    said = played.stdout + played.stderr
    assert played.returncode == 0, said[-6000:] + rolled_out.state()
    assert "Cocok semua" in said


def test_an_upgrade_refuses_nobody(rolled_out: City) -> None:
    before = {name for service in service_names() for name in rolled_out.pods(service, "api")}
    with load_on(rolled_out) as load, rolled_out.timed("rolling upgrade under load"):
        rolled_out.roll_out(NEXT)
    after = {name for service in service_names() for name in rolled_out.pods(service, "api")}
    told(load)
    assert before.isdisjoint(after)
    assert load.refused == {}
    kept(load)


def test_a_drain_leaves_one_of_each_api(rolled_out: City) -> None:
    with load_on(rolled_out) as load, rolled_out.timed("drain, as far as budgets let it"):
        answer = rolled_out.node.kubectl(
            *("drain", NODE, "--delete-emptydir-data", "--timeout=40s"),
            *("--pod-selector", "app.kubernetes.io/instance=kentongan"),
            seconds=120,
        )
        left = {service: rolled_out.pods(service, "api") for service in service_names()}
        rolled_out.node.must("uncordon", NODE)
        rolled_out.until_available()
    told(load)
    # One node alone: nothing can move elsewhere, so the budgets hold the last ones where they are.
    assert answer.code != 0
    assert "would violate the pod's disruption budget" in answer.all
    assert all(left.values()), left
    assert load.refused == {}
    kept(load)


@pytest.mark.parametrize("role", ["api", "consumer", "relay"])
def test_a_killed_pod_is_replaced_and_nothing_is_lost(rolled_out: City, role: str) -> None:
    killed = rolled_out.pods("registry", role)[0]
    with load_on(rolled_out) as load, rolled_out.timed(f"killed {role}, until all are there"):
        rolled_out.must("delete", "pod", killed, "--grace-period=0", "--force")
        until(lambda: killed not in rolled_out.pods("registry", role))
        rolled_out.until_available()
    told(load)
    assert rolled_out.pods("registry", role)
    # What was on its way in the killed process may be refused: a client repeats it under its key.
    assert sum(load.refused.values()) <= (10 if role == "api" else 0), load.refused
    kept(load)


def told(load: Load) -> None:
    sys.stdout.write(f"{dict(load.answers)}, slowest {load.slowest:.2f} s\n")
    assert load.proposed


def kept(load: Load) -> None:
    """Every proposal that was acknowledged can be read."""
    head = {"authorization": f"Bearer {load.token}"}
    for group in load.proposed:
        answer = httpx.get(f"{load.url}/v1/kims/{group}", headers=head, timeout=30)
        assert answer.status_code == 200, answer.text


def until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
