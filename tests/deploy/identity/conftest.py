"""One Keycloak with two realms made by the documented command, and a system that believes one."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from kentongan.demo.hurry import IN_A_HURRY
from kentongan.identity.clients import SEASON
from kentongan.identity.keycloak import Keycloak, administering, by_password
from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem
from tests.deploy.identity.keycloak_server import ADMIN, ADMIN_PASSWORD, KeycloakServer
from tests.deploy.identity.mailbox import Mailbox, mailbox

CITY = "36.71"
PAGES_AT = "http://127.0.0.1:9"
BY_HAND = "tanpa-surat"
"""A realm whose city has no mail server."""
REFUSED, FOREIGN, STAFF = 401, 403, 404
"""How a staff's command is answered: token not believed, another role, staff (no such group)."""
SECRET = "a-secret-of-this-test-that-is-long-enough"


@dataclass(frozen=True)
class Identity:
    """Keycloak as its operator has it: by the documented commands, or over its administration."""

    server: KeycloakServer
    mails: Mailbox

    def command(self, *words: str, realm: str = "kentongan") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kentongan", "identity", *words],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={
                **os.environ,
                "KENTONGAN_IDENTITY_URL": self.server.url,
                "KENTONGAN_IDENTITY_REALM": realm,
                "KENTONGAN_IDENTITY_ADMIN_USERNAME": ADMIN,
                "KENTONGAN_IDENTITY_ADMIN_PASSWORD": ADMIN_PASSWORD,
            },
        )

    def done(self, *words: str, realm: str = "kentongan") -> str:
        ended = self.command(*words, realm=realm)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def administering(self, realm: str = "kentongan") -> "AdministeredRealm":
        return AdministeredRealm(self.server.url, realm)


class AdministeredRealm:
    """The administration of a realm, for what a test asks or arranges beside the commands."""

    def __init__(self, url: str, realm: str) -> None:
        self._opened = administering(url, realm, by_password(ADMIN, ADMIN_PASSWORD))

    async def __aenter__(self) -> Keycloak:
        return await self._opened.__aenter__()

    async def __aexit__(self, *failure: object) -> None:
        await self._opened.__aexit__(None, None, None)


def printed_realm(*options: str) -> str:
    """The realm as the command prints it."""
    command = [sys.executable, "-m", "kentongan", "identity", "realm", "--city", CITY]
    printed = subprocess.run(
        [*command, "--public-url", PAGES_AT, *options],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return printed.stdout


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Identity]:
    folder = tmp_path_factory.mktemp("identity")
    with mailbox() as mails:
        mail = (
            *("--smtp-host", "127.0.0.1", "--smtp-port", str(mails.port), "--no-smtp-starttls"),
            *("--smtp-from", "kim@kota.example"),
        )
        realms = {
            "kentongan": printed_realm("--rehearsal", *mail),
            BY_HAND: printed_realm("--name", BY_HAND, "--no-residents"),
        }
        server = KeycloakServer(folder, realms)
        try:
            asyncio.run(server.start())
            yield Identity(server, mails)
        finally:
            asyncio.run(server.stop())


@pytest.fixture(scope="session")
def season_secret(identity: Identity) -> str:
    """The secret that Keycloak made for the rehearsal's client."""

    async def read() -> str:
        async with identity.administering() as keycloak:
            (client,) = await keycloak.read("/clients", clientId=SEASON)
            return str((await keycloak.read(f"/clients/{client['id']}/client-secret"))["value"])

    return asyncio.run(read())


@dataclass(frozen=True)
class City:
    """A system in production settings that believes the realm."""

    services: dict[str, str]
    kafka: str

    def answer(self, token: str) -> int:
        """The status of a command that only a city's staff may send, about a group of nobody's.

        401 for a token that isn't believed, 403 for another role, 404 for staff.
        """
        address = f"{self.services['registry']}/v1/kims/kim-none/suspension"
        headers = {"authorization": f"Bearer {token}"}
        sent = httpx.post(
            address, json={"reason": "Tidak ada."}, headers=headers, trust_env=False, timeout=30
        )
        return sent.status_code


@pytest.fixture(scope="session")
def city(identity: Identity) -> Iterator[City]:
    stack = EmbeddedStack(ephemeral=True, allow_light_broker=False)
    realm = identity.server.realm("kentongan")

    async def start() -> LocalSystem:
        await stack.start()
        system = LocalSystem.on(
            stack,
            city=CITY,
            own=IN_A_HURRY,
            KENTONGAN_ENVIRONMENT="production",
            KENTONGAN_AUTH_JWKS_URL=f"{realm}/protocol/openid-connect/certs",
            KENTONGAN_AUTH_ISSUER=realm,
            KENTONGAN_PLACEMENT_SECRET=SECRET,
            KENTONGAN_BROADCAST_SECRET=SECRET,
            KENTONGAN_SCORING_SECRET=SECRET,
        )
        await system.start()
        return system

    try:
        system = asyncio.run(start())
        try:
            yield City(system.addresses, stack.kafka_bootstrap)
        finally:
            asyncio.run(system.stop())
    finally:
        asyncio.run(stack.stop())


@pytest.fixture
def system_file(city: City, identity: Identity, season_secret: str, tmp_path: Path) -> Path:
    """The file by which a season finds the system and the realm."""
    (tmp_path / "secret").write_text(season_secret)
    document = {
        "city": CITY,
        "services": city.services,
        "kafka": {"bootstrap_servers": city.kafka},
        "tokens": {
            "kind": "oidc",
            "realm_url": identity.server.realm("kentongan"),
            "client_secret_file": "secret",
        },
    }
    file = tmp_path / "system.json"
    file.write_text(json.dumps(document))
    return file
