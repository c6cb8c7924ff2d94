"""An engine, the images built once, a core city for all tests, and what ran how long at the end."""

import os
import subprocess
import time
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from kentongan.demo.hurry import IN_A_HURRY
from tests.deploy.compose.city import PROJECT, SERVICES, City, docker

_times: list[tuple[str, float]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how long each step took; printed at the end."""
    if report.when == "call":
        _times.append((report.nodeid.split("::")[-1], report.duration))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What ran and how long."""
    terminalreporter.section("what ran, seconds")
    for name, seconds in _times:
        terminalreporter.write_line(f"{seconds:8.1f}  {name}")


@pytest.fixture(scope="session")
def images() -> dict[str, str]:
    """The four images from the commit, and what stands for Kafka, MongoDB and the edge.

    KENTONGAN_DEPLOY_IMAGES=official takes the official ones, where an image registry is reached;
    KENTONGAN_DEPLOY_TAG names images of ours that were built before.
    """
    official = os.environ.get("KENTONGAN_DEPLOY_IMAGES") == "official"
    tag = os.environ.get("KENTONGAN_DEPLOY_TAG") or f"test-{_commit()}"
    timed("images of the services", lambda: build_images(tag, "HEAD"))
    chosen = {"IMAGE_PREFIX": "kentongan", "IMAGE_TAG": tag}
    if official:
        return chosen
    return {
        **chosen,
        "PULL_POLICY": "never",
        "IMAGE_KAFKA": "local/kafka:4.3.1",
        "IMAGE_MONGO": "local/mongo:6.0.5",
        "IMAGE_EDGE": "local/edge:1.22",
        "IMAGE_PROMETHEUS": "local/prometheus:2.42",
        "IMAGE_ALERTMANAGER": "local/alertmanager:0.25",
    }


@pytest.fixture(scope="session")
def core(images: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The core, up and healthy, for all tests that don't change what it is."""
    city = new_city(tmp_path_factory.mktemp("core"), images)
    with running(city):
        yield city


@pytest.fixture(scope="session")
def secured(images: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Core and secured.yaml; nobody writes to it but the season, whose check wants it empty."""
    hurried = {name: value for own in IN_A_HURRY.values() for name, value in own.items()}
    city = new_city(
        tmp_path_factory.mktemp("secured"), images, overlays=["secured.yaml"], extra=hurried
    )
    with running(city):
        yield city


def new_city(folder: Path, images: dict[str, str], **rest: object) -> City:
    """A city that nothing else knows."""
    return City(folder, f"kentongan-{uuid.uuid4().hex[:8]}", images, **rest)  # type: ignore[arg-type]


class running:  # noqa: N801 - reads as a word in a `with`
    """Prepares a city and brings it up; at the end its logs are kept, and it is taken down."""

    def __init__(self, city: City) -> None:
        self._city = city

    def __enter__(self) -> City:
        try:
            prepared = self._city.prepare()
            assert prepared.exit_code == 0, prepared.output
            timed(f"{' '.join(('core', *self._city.overlays))} up", self._city.up)
        except BaseException:
            self._leave()
            raise
        return self._city

    def __exit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        log = self._city.folder / "compose.log"
        log.write_text(self._city.logs())
        print(f"logs: {log}")
        self._city.down()


def timed(what: str, step: object) -> None:
    """Do it, and note how long it took."""
    began = time.monotonic()
    step()  # type: ignore[operator]
    _times.append((what, time.monotonic() - began))


def build_images(tag: str, commit: str, *services: str) -> None:
    """Build from what git tracks, unless there are images of this tag."""
    wanted = services or SERVICES
    missing = [one for one in wanted if not _there(f"kentongan/{one}:{tag}")]
    if missing:
        subprocess.run(
            ["deploy/images/build", *missing],
            cwd=PROJECT,
            env={**os.environ, "TAG": tag, "COMMIT": commit},
            check=True,
            timeout=1800,
        )


def _there(image: str) -> bool:
    return docker("image", "ls", "--quiet", image).strip() != ""


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def project_version() -> str:
    """What `pyproject.toml` says."""
    document = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    return str(document["project"]["version"])
