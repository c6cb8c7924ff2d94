"""What is wrong in the file of a running system is said by the field's name, in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kentongan.demo.against.reading import TargetRefused, read_target

SERVICES = {
    name: f"http://127.0.0.1:8080/{name}"
    for name in ("registry", "placement", "broadcast", "scoring")
}
GOOD: dict[str, Any] = {
    "city": "36.71",
    "services": SERVICES,
    "tokens": {"kind": "development"},
}


def written(folder: Path, document: Any) -> Path:
    file = folder / "system.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return file


def pem(folder: Path, name: str, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    (folder / name).write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return name


def signing(key_file: str) -> dict[str, Any]:
    return {"kind": "signing-key", "key_file": key_file, "kid": "k", "issuer": "https://i"}


def oidc(**secret: str) -> dict[str, Any]:
    return {"kind": "oidc", "realm_url": "http://127.0.0.1:8081/realms/kentongan", **secret}


def test_a_file_names_services_by_address_or_by_host(tmp_path: Path) -> None:
    edge = {"url": "http://127.0.0.1:8080", "host": "registry.kota.test"}
    file = written(tmp_path, {**GOOD, "services": {**SERVICES, "registry": edge}})
    target, _ = read_target(file)
    addresses = target.services.by_name()
    assert (addresses["registry"].url, addresses["registry"].host) == tuple(edge.values())
    assert addresses["scoring"].url == SERVICES["scoring"]


def test_kafka_is_what_the_file_says_and_else_what_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KENTONGAN_KAFKA_TOPIC_PREFIX", "tangerang.")
    monkeypatch.setenv("KENTONGAN_KAFKA_BOOTSTRAP_SERVERS", "nowhere:1")
    (tmp_path / "password").write_text("not shown\n")
    kafka = {
        "bootstrap_servers": "127.0.0.1:29092",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_username": "season",
        "sasl_password_file": "password",
    }
    _, settings = read_target(written(tmp_path, {**GOOD, "kafka": kafka}))
    assert settings.sasl_password is not None
    assert (
        settings.bootstrap_servers,
        settings.topic_prefix,
        settings.sasl_password.get_secret_value(),
    ) == ("127.0.0.1:29092", "tangerang.", "not shown")


def test_a_key_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    key_file = pem(tmp_path, "key.pem", ec.generate_private_key(ec.SECP256R1()))
    target, _ = read_target(written(tmp_path, {**GOOD, "tokens": signing(key_file)}))
    assert target.tokens.kind == "signing-key"
    assert target.tokens.key_file == tmp_path / "key.pem"


def test_a_clients_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not shown\n")
    tokens = oidc(client_secret_file="secret")
    target, _ = read_target(written(tmp_path, {**GOOD, "tokens": tokens}))
    assert target.tokens.kind == "oidc"
    assert (target.tokens.secret, target.tokens.client_id) == ("not shown", "kentongan-season")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"city": "99.99"}, "city"),
    ({"city": 36.71}, "city"),
    (
        {"services": {name: SERVICES[name] for name in ("registry", "scoring")}},
        "services.placement",
    ),
    ({"services": {**SERVICES, "voting": "http://x"}}, "services.voting"),
    ({"services": {**SERVICES, "scoring": "ftp://x"}}, "services.scoring.url"),
    ({"services": {**SERVICES, "scoring": "http://x/?a=b"}}, "services.scoring.url"),
    ({"services": {**SERVICES, "scoring": {"url": "https://x", "host": "y"}}}, "services.scoring"),
    ({"services": {**SERVICES, "scoring": {"address": "http://x"}}}, "services.scoring.address"),
    ({"kafka": {"bootstrap": "x"}}, "kafka.bootstrap"),
    ({"kafka": {"security_protocol": "SSLL"}}, "kafka.security_protocol"),
    ({"kafka": {"security_protocol": "SASL_SSL"}}, "kafka"),
    ({"kafka": {"sasl_password": "x", "sasl_password_file": "system.json"}}, "kafka"),
    ({"kafka": {"ca_file": "system.json"}}, "kafka.ca_file"),
    ({"tokens": {"kind": "none"}}, "tokens"),
    ({"tokens": {"kind": "development", "kid": "k"}}, "tokens.kid"),
    ({"tokens": {"kind": "signing-key", "key_file": "gone.pem"}}, "tokens.key_file"),
    ({"tokens": {"kind": "signing-key"}}, "tokens.kid"),
    ({"tokens": signing("system.json")}, "tokens.key_file"),
    ({"tokens": {"kind": "oidc", "client_secret": "x"}}, "tokens.realm_url"),
    (
        {"tokens": {"kind": "oidc", "realm_url": "http://x", "client_secret": "x"}},
        "tokens.realm_url",
    ),
    ({"tokens": oidc()}, "tokens"),
    ({"tokens": oidc(client_secret="x", client_secret_file="system.json")}, "tokens"),
    ({"tokens": oidc(client_secret_file="gone")}, "tokens.client_secret_file"),
    ({"receiver": {"for_courier": "http://receiver:9000"}}, "receiver.for_season"),
    ({"recevier": {}}, "recevier"),
]


@pytest.mark.parametrize(("part", "field"), WRONG, ids=lambda value: json.dumps(value)[:60])
def test_what_is_wrong_is_said_by_its_field(
    tmp_path: Path, part: dict[str, Any], field: str
) -> None:
    with pytest.raises(TargetRefused) as refused:
        read_target(written(tmp_path, {**GOOD, **part}))
    lines = str(refused.value).splitlines()
    assert [line for line in lines if line.startswith((f"{field}:", f"{field}."))], lines
    assert all(" / " in line for line in lines), lines


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    for name, key in (
        ("rsa.pem", rsa.generate_private_key(65537, 2048)),
        ("p384.pem", ec.generate_private_key(ec.SECP384R1())),
    ):
        tokens = signing(pem(tmp_path, name, key))
        with pytest.raises(TargetRefused, match=r"tokens\.key_file: .*P-256"):
            read_target(written(tmp_path, {**GOOD, "tokens": tokens}))


@pytest.mark.parametrize("document", ["", "[]", "null", "{", '"x"'])
def test_what_is_no_object_is_refused(tmp_path: Path, document: str) -> None:
    with pytest.raises(TargetRefused, match=" / "):
        read_target(written(tmp_path, document))
    with pytest.raises(TargetRefused, match=" / "):
        read_target(tmp_path / "gone.json")
