"""The season against a running system in production settings, with tokens of a key of ours."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kentongan.local.ports import free_port
from kentongan.local.processes import ChildProcess
from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem

CITY = "36.71"
ISSUER, KID = "https://auth.kota.test/realms/kentongan", "season-1"
SECONDS = 280
SECRET = "a-secret-of-this-test-that-is-long-enough"


@dataclass(frozen=True)
class Running:
    """What the season is told of the system, and where the file that says it lies."""

    file: Path
    named: dict[str, Any]

    def play(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kentongan", "demo", "--against", str(self.file)]
        surrounding = {k: v for k, v in os.environ.items() if not k.startswith("KENTONGAN_")}
        return subprocess.run(
            [*command, "--quick", *arguments],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            cwd=self.file.parent,
            env=surrounding,
        )


def settings_that_a_season_needs() -> dict[str, dict[str, str]]:
    """As whoever runs the system is told them."""
    command = [sys.executable, "-m", "kentongan", "demo", "--settings"]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(printed.stdout))


def signing_key(folder: Path) -> None:
    """A private key in PEM, and the key set that holds its public half."""
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    public = jwt.get_algorithm_by_name("ES256").to_jwk(key.public_key(), as_dict=True)
    jwk = {**public, "kid": KID, "use": "sig", "alg": "ES256"}
    (folder / "keys.json").write_text(json.dumps({"keys": [jwk]}))


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A system in production settings, and a receiver that runs apart from the season."""
    signing_key(tmp_path)
    port = free_port()
    receiver = ChildProcess(
        "receiver",
        [sys.executable, "-m", "kentongan.demo.receiver", "--port", str(port)],
        log_file=tmp_path / "receiver.log",
    )
    async with (
        EmbeddedStack(ephemeral=True, allow_light_broker=False) as stack,
        LocalSystem.on(
            stack,
            city=CITY,
            own=settings_that_a_season_needs(),
            KENTONGAN_ENVIRONMENT="production",
            KENTONGAN_AUTH_JWKS_FILE=str(tmp_path / "keys.json"),
            KENTONGAN_AUTH_ISSUER=ISSUER,
            KENTONGAN_PLACEMENT_SECRET=SECRET,
            KENTONGAN_BROADCAST_SECRET=SECRET,
            KENTONGAN_SCORING_SECRET=SECRET,
        ) as system,
    ):
        named = {
            "city": CITY,
            "services": system.addresses,
            "kafka": {"bootstrap_servers": stack.kafka_bootstrap},
            "tokens": {
                "kind": "signing-key",
                "key_file": "key.pem",
                "kid": KID,
                "issuer": ISSUER,
            },
            "receiver": {
                "for_courier": f"http://localhost:{port}",
                "for_season": f"http://127.0.0.1:{port}",
            },
        }
        receiver.start()
        try:
            file = tmp_path / "system.json"
            file.write_text(json.dumps(named))
            yield Running(file, named)
        finally:
            await receiver.stop()


@pytest.mark.timeout(2 * SECONDS)
async def test_a_season_on_somebody_elses_system_is_judged_like_the_embedded_one(
    running: Running, tmp_path: Path
) -> None:
    played = running.play("--seed", "20261127")
    said = played.stdout + played.stderr
    assert played.returncode == 0, said
    assert "Cocok semua" in said
    page = (tmp_path / "season.html").read_text()
    assert "kentongan demo --against" in page
    journal = (tmp_path / "season.journal.jsonl").read_text()
    assert '"kim.register"' in journal

    # What it left behind is no place for another season, which is said before anything is sent.
    again = running.play()
    assert again.returncode == 1
    assert "registry.kims" in again.stdout
    assert (tmp_path / "season.journal.jsonl").read_text() == journal
