"""The watched city: all are scraped, alerts fire and clear, a trace crosses two services."""

import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import SystemRandom
from typing import Any

import httpx
import pytest

from tests.deploy.compose.city import City
from tests.deploy.compose.conftest import new_city, running
from tests.deploy.compose.load import judge, open_clerks
from tests.deploy.compose.test_containers import OURS
from tests.support.waiting import eventually

pytestmark = pytest.mark.long
HERE = Path(__file__).parent
SECONDS = 180.0


@pytest.fixture(scope="module")
def watched(images: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Core and observability.yaml; alerts wait for seconds where a city waits for minutes."""
    city = new_city(
        tmp_path_factory.mktemp("watched"),
        images,
        overlays=["observability.yaml", str(HERE / "lab-watched.yaml")],
        extra={"KENTONGAN_TRACING_SAMPLE_RATIO": "0"},
    )
    _hurry(city)
    (city.compose_folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    webhook = city.compose_folder / "secrets" / "alert-webhook"
    webhook.write_text("http://receiver:8000/alerts")
    with running(city):
        yield city


def test_every_process_is_scraped_and_so_is_what_scaling_adds(watched: City) -> None:
    watched.compose(
        *("up", "-d", "--wait", "--no-build", "--no-recreate", "--no-deps"),
        *("--scale", "scoring-consumer=2", "scoring-consumer"),
    )
    wanted = dict.fromkeys(OURS, 1) | {"scoring-consumer": 2}
    try:
        _until(lambda: _scraped(watched) == wanted, lambda: str(_scraped(watched)))
    finally:
        watched.compose(
            *("up", "-d", "--wait", "--no-build", "--no-recreate", "--no-deps"),
            *("--scale", "scoring-consumer=1", "scoring-consumer"),
        )


@pytest.mark.parametrize(
    ("service", "away", "back", "expected"),
    [
        ("placement-worker", "pause", "unpause", "KentonganTargetDown"),
        ("kafka", "stop", "start", "KentonganKafkaAway"),
        ("mongo", "stop", "start", "KentonganDatabaseAway"),
        ("broadcast-courier", "stop", "start", "KentonganCourierAbsent"),
    ],
)
def test_a_fault_is_told_of_until_it_is_over(
    watched: City, service: str, away: str, back: str, expected: str
) -> None:
    def told() -> set[str]:
        return {name for name in _alerts(watched) if name.startswith(expected)}

    _until(lambda: not told(), lambda: f"before the fault: {told()}")
    watched.compose(away, service)
    try:
        _until(lambda: bool(told()), lambda: f"not told of; firing: {sorted(_alerts(watched))}")
        print(f"{away} {service}: {sorted(_alerts(watched))}")
    finally:
        watched.compose(back, service)
    _until(lambda: not told(), lambda: f"after the fault: {told()}")


async def test_a_command_s_trace_is_found_in_two_services(watched: City) -> None:
    trace = secrets.token_hex(16)
    header = {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
    async with open_clerks(watched, SystemRandom().randrange(2**31), headers=header) as (office, _):
        await office.register_one()
        await judge(watched, office)

    def services() -> set[str]:
        lines = (line for line in watched.logs("traces").splitlines() if line.startswith("{"))
        return {one["service"] for one in map(json.loads, lines) if trace in one["traces"]}

    await eventually(
        lambda: {"registry", "placement"} <= {re.sub("^kentongan-", "", one) for one in services()},
        seconds=SECONDS,
        what="spans of both services",
    )


def _hurry(city: City) -> None:
    """The same expressions, looked at every two seconds and waited for during four."""
    folder = city.folder / "deploy" / "observability"
    for file in [folder / "prometheus" / "prometheus.yml", *(folder / "rules").glob("*.yaml")]:
        text = re.sub(r"\bfor: \w+", "for: 4s", file.read_text())
        text = re.sub(r"((?:scrape|evaluation|refresh)_interval): \w+", r"\1: 2s", text)
        file.write_text(re.sub(r"scrape_timeout: \w+", "scrape_timeout: 2s", text))


def _scraped(city: City) -> dict[str, int]:
    found: dict[str, int] = {}
    for target in _ask(city, "prometheus", "api/v1/targets")["data"]["activeTargets"]:
        if target["labels"]["job"] == "kentongan" and target["health"] == "up":
            name = target["labels"]["instance"].split("/")[0]
            found[name] = found.get(name, 0) + 1
    return found


def _alerts(city: City) -> set[str]:
    """What Alertmanager has, silent ones left out."""
    return {one["labels"]["alertname"] for one in _ask(city, "alertmanager", "api/v2/alerts")}


def _ask(city: City, service: str, path: str) -> Any:
    answer = httpx.get(f"http://127.0.0.1:{city.ports[service]}/{path}", timeout=30)
    return answer.raise_for_status().json()


def _until(holds: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.5)
