"""The compose files by themselves, without an engine: what they say holds together."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from kentongan.process.service import find_service, service_names

PROJECT = Path(__file__).resolve().parents[3]
FOLDER = PROJECT / "deploy" / "compose"
FILES = ("compose.yaml", "secured.yaml", "observability.yaml")
STACKS = (FILES[:1], FILES[:2], (FILES[0], FILES[2]), FILES)
ONE_SHOTS = ("check-", "storage-", "rights-", "topics", "replica-set", "certificates")
SET_BY_THE_FILES = re.compile(
    r"KENTONGAN_("
    r"REVISION|HTTP_(HOST|PORT)|LOG_FORMAT|KAFKA_(SASL_.+|SECURITY_PROTOCOL|CA_FILE|IDEMPOTENT_PRODUCER)"
    r"|MONGO_TLS_CA_FILE|.+_SECRET)"
)
"""What a city doesn't set in `.env`: images and overlays do, or a secret's file does."""


def known_names() -> set[str]:
    """What `.env.example` shows."""
    text = (FOLDER / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", text, flags=re.MULTILINE))


def asked_names() -> set[str]:
    """What the files take from `.env`: by `${NAME…}`, or by a name without value."""
    text = "".join(file.read_text() for file in FOLDER.glob("*.yaml"))
    asked = re.findall(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)", text)
    passed = re.findall(r"^\s+(KENTONGAN_[A-Z0-9_]+):\s*$", text, flags=re.MULTILINE)
    return {*asked, *passed}


def setting_names() -> set[str]:
    """Every variable that a service reads."""
    return {
        name for service in service_names() for name in _names_of(find_service(service).settings)
    }


def _names_of(settings: type[BaseSettings]) -> Iterator[str]:
    prefix = str(settings.model_config.get("env_prefix", ""))
    for name, field in settings.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            yield from _names_of(field.annotation)
        else:
            yield f"{prefix}{name}".upper()


def configured(files: tuple[str, ...]) -> dict[str, Any]:
    """What compose makes of the files with nothing but `.env.example` set."""
    compose = shutil.which("docker-compose", path=str(Path(sys.executable).parent))
    if compose is None:
        pytest.skip("docker-compose is not of this platform's lock")
    command = [
        compose,
        "--project-directory",
        str(FOLDER),
        "--env-file",
        str(FOLDER / ".env.example"),
    ]
    for name in files:
        command += ["--file", str(FOLDER / name)]
    done = subprocess.run(
        [*command, "config"], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin"}
    )
    assert done.returncode == 0, done.stderr
    return dict(yaml.safe_load(done.stdout))


def test_every_variable_of_the_files_stands_in_the_example_and_none_besides() -> None:
    assert asked_names() == known_names()


def test_a_city_can_set_whatever_a_service_reads() -> None:
    missing = setting_names() - known_names()
    assert {name for name in missing if not SET_BY_THE_FILES.fullmatch(name)} == set()


@pytest.mark.parametrize("files", STACKS, ids=",".join)
def test_every_container_is_bound_and_without_rights(files: tuple[str, ...]) -> None:
    for name, service in configured(files)["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "container_name" not in service, name
        assert "privileged" not in service, name
        assert service.get("read_only") or name == "kafka", name
        assert not any("docker.sock" in str(one) for one in service.get("volumes", [])), name
        if not name.startswith(ONE_SHOTS):
            assert int(service["mem_limit"]) > 0, name
            assert service["restart"] == "unless-stopped", name
            assert service["logging"]["options"]["max-size"], name


@pytest.mark.parametrize("files", STACKS, ids=",".join)
def test_published_is_on_loopback_and_mostly_the_edge(files: tuple[str, ...]) -> None:
    published = {
        name: [port["host_ip"] for port in service["ports"]]
        for name, service in configured(files)["services"].items()
        if "ports" in service
    }
    assert set(published) <= {"edge", "prometheus", "alertmanager", "grafana"}
    assert {address for addresses in published.values() for address in addresses} == {"127.0.0.1"}


@pytest.mark.parametrize("files", STACKS, ids=",".join)
def test_images_are_named_by_a_version(files: tuple[str, ...]) -> None:
    for name, service in configured(files)["services"].items():
        _, _, tag = service["image"].rpartition(":")
        assert re.search(r"\d", tag), f"{name}: {service['image']}"


def test_all_roles_of_a_service_are_played() -> None:
    services = configured(FILES[:1])["services"]
    for name in service_names():
        played: list[str] = []
        for service in services.values():
            command = service.get("command") or []
            if command[:2] == ["serve", name]:
                played += [word for word in command[2:] if word != "--role"]
        assert sorted(played) == sorted(find_service(name).roles)


def test_whatever_serves_is_scraped() -> None:
    scraped = PROJECT / "deploy" / "observability" / "prometheus" / "prometheus.yml"
    document = yaml.safe_load(scraped.read_text())
    names = {
        name
        for job in document["scrape_configs"]
        for discovery in job.get("dns_sd_configs", [])
        for name in discovery["names"]
    }
    serving = {
        name
        for name, service in configured(FILES[:1])["services"].items()
        if (service.get("command") or [""])[0] == "serve"
    }
    assert serving <= names


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("hadolint is not of this platform's lock")
    file = PROJECT / "deploy" / "images" / "Dockerfile"
    done = subprocess.run([hadolint, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
