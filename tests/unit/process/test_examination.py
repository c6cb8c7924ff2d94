"""What the doctor makes of what it sees."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from kentongan.process.examination.examining import examine
from kentongan.process.examination.findings import Finding, State, exit_code
from kentongan.process.examination.keys import examine_keys
from kentongan.process.examination.settings import secrets
from kentongan.process.service import find_service
from kentongan.settings import DEVELOPMENT_SECRET, AuthSettings, HttpSettings
from services.broadcast.settings import BroadcastSettings

GOOD_SECRET = "f3a9c1e07b5d48269e1fa0c4d7b8263540"


def states(*findings: Finding) -> list[str]:
    return [finding.state.value for finding in findings]


async def keys_of(tmp_path: Path, *entries: dict[str, Any]) -> list[Finding]:
    (tmp_path / "keys.json").write_text(json.dumps({"keys": entries}))
    return await examine_keys(AuthSettings(jwks_file=tmp_path / "keys.json"))


async def test_keys(tmp_path: Path) -> None:
    curve = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    good = {**curve, "kid": "good", "alg": "ES256"}
    weak = {
        **RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 1024).public_key(), as_dict=True),
        "kid": "weak",
    }
    assert states(*await keys_of(tmp_path, good)) == ["fine"]
    assert states(*await keys_of(tmp_path)) == ["failing"]
    assert states(*await keys_of(tmp_path, {**curve, "alg": "ES256"})) == ["failing"]
    found = await keys_of(tmp_path, good, weak, {"kty": "oct", "k": "eA", "kid": "other"})
    assert states(*found) == ["fine", "doubtful"]
    assert "1 others are not used" in found[0].detail
    assert "RSA with 1024 bits" in found[1].detail
    assert states(*await examine_keys(AuthSettings())) == ["failing"]
    away = AuthSettings(jwks_url="http://127.0.0.1:9/jwks")
    (row,) = await examine_keys(away)
    assert row.state is State.FAILING
    assert "ConnectError" in row.detail


@pytest.mark.parametrize(
    ("secret", "state"),
    [(DEVELOPMENT_SECRET, "failing"), ("a" * 40, "doubtful"), (GOOD_SECRET, "fine")],
)
def test_secrets(secret: str, state: str) -> None:
    settings = BroadcastSettings.model_validate(
        {"environment": "development", "broadcast_secret": secret}
    )
    (row,) = secrets(settings)
    assert (row.name, row.state.value) == ("KENTONGAN_BROADCAST_SECRET", state)
    assert secret not in f"{row.detail}{row.remedy_id}{row.remedy_en}"


def test_what_the_settings_call_doubtful() -> None:
    """Defaults are for a try-out; each doubt goes when its setting is made for production."""
    doubted = {
        doubt.variable: doubt
        for doubt in BroadcastSettings.model_validate(
            {
                "environment": "production",
                "broadcast_secret": GOOD_SECRET,
                "broadcast_private_targets": True,
                "auth": AuthSettings(jwks_url="http://id.example/keys"),
            }
        ).doubts()
    }
    assert set(doubted) == {
        "KENTONGAN_KAFKA_SECURITY_PROTOCOL",
        "KENTONGAN_KAFKA_REPLICATION_FACTOR",
        "KENTONGAN_MONGO_URI",
        "KENTONGAN_MONGO_TLS_CA_FILE",
        "KENTONGAN_AUTH_JWKS_URL",
        "KENTONGAN_BROADCAST_PRIVATE_TARGETS",
        "KENTONGAN_BROADCAST_PUBLIC_URL",
    }
    assert all(doubt.remedy_id and doubt.remedy_en for doubt in doubted.values())
    made_for_production = BroadcastSettings.model_validate(
        {
            "environment": "production",
            "broadcast_secret": GOOD_SECRET,
            "broadcast_public_url": "https://siaran.kota.example",
            "auth": AuthSettings(jwks_url="https://id.example/keys"),
            "http": HttpSettings(),
            "kafka": {
                "security_protocol": "SASL_SSL",
                "sasl_username": "broadcast",
                "sasl_password": "drum",
                "replication_factor": 3,
                "min_insync_replicas": 2,
            },
            "mongo": {"uri": "mongodb://broadcast:drum@a/?tls=true"},
        }
    )
    assert list(made_for_production.doubts()) == []


async def test_settings_that_are_not_valid_are_all_that_can_be_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KENTONGAN_MONGO_URI", "drum")
    monkeypatch.setenv("KENTONGAN_HTTP_PORT", "many")
    found = await examine(find_service("registry"), ("api",), {"KENTONGAN_CITTY": "x"})
    assert states(*found) == ["failing", "failing", "doubtful"]
    assert [row.name for row in found] == [
        "KENTONGAN_MONGO_URI",
        "KENTONGAN_HTTP_PORT",
        "KENTONGAN_CITTY",
    ]


def test_exit_codes() -> None:
    fine, doubt, fail = (Finding("x", state, "") for state in State)
    assert exit_code([fine], strict=True) == 0
    assert (exit_code([doubt], strict=False), exit_code([doubt], strict=True)) == (0, 3)
    assert (exit_code([fail, doubt], strict=False), exit_code([fail], strict=True)) == (1, 1)


def test_a_weak_key_is_one_that_the_library_still_takes() -> None:
    """Else the doctor would speak of what can't happen."""
    weak = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 1024).public_key(), as_dict=True)
    assert jwt.PyJWK.from_dict({**weak, "kid": "weak"}).key.key_size == 1024
