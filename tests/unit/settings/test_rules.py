"""Settings that would endanger data or open a door are refused at start."""

from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr, ValidationError

from kentongan.settings import (
    AuthSettings,
    HttpSettings,
    KafkaSettings,
    MongoSettings,
    ServiceSettings,
)


def test_production_wants_the_keys_of_an_identity_provider() -> None:
    with pytest.raises(ValidationError, match="KENTONGAN_AUTH_JWKS_URL"):
        ServiceSettings(environment="production")
    provider = AuthSettings(jwks_url="https://id.example/keys")
    assert ServiceSettings(environment="production", auth=provider).environment == "production"


def test_development_needs_none() -> None:
    assert ServiceSettings(environment="development").auth.jwks_url is None


def test_sasl_wants_credentials() -> None:
    with pytest.raises(ValidationError, match="SASL_USERNAME"):
        KafkaSettings(security_protocol="SASL_SSL")


def test_more_in_sync_replicas_than_replicas_could_never_be_met() -> None:
    with pytest.raises(ValidationError, match="MIN_INSYNC_REPLICAS"):
        KafkaSettings(replication_factor=1, min_insync_replicas=2)


@pytest.mark.parametrize("prefix", ["tangerang", "Tangerang.", ".", " x."])
def test_a_topic_prefix_ends_with_a_dot(prefix: str) -> None:
    with pytest.raises(ValidationError, match="topic_prefix"):
        KafkaSettings(topic_prefix=prefix)


def test_passwords_are_never_shown() -> None:
    mongo = MongoSettings.model_validate({"uri": "mongodb://office:drum@127.0.0.1/"})
    assert "drum" not in repr(mongo)


@pytest.mark.parametrize("password", ["dr@um", "dr/um@", "dr?um@"])
def test_a_password_that_is_not_quoted_is_refused_unseen(password: str) -> None:
    """What follows its `@` would be taken for a server, and named in the log."""
    with pytest.raises(ValidationError, match="percent-encoded") as refused:
        MongoSettings(uri=SecretStr(f"mongodb://office:{password}@127.0.0.1/?tls=true"))
    assert password not in str(refused.value)


def test_a_quoted_password_and_a_name_with_an_at_sign_pass() -> None:
    uri = "mongodb://office%40city:dr%40um@a:27017,b:27017/?replicaSet=kentongan"
    assert MongoSettings(uri=SecretStr(uri)).uri.get_secret_value() == uri


def test_authorities_are_read_at_start(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    (tmp_path / "empty.pem").touch()
    KafkaSettings(ca_file=tmp_path / "authority.pem")
    MongoSettings(tls_ca_file=tmp_path / "authority.pem")
    with pytest.raises(ValidationError, match="ca_file"):
        KafkaSettings(ca_file=tmp_path / "missing.pem")
    with pytest.raises(ValidationError, match=r"empty\.pem holds no PEM certificate"):
        MongoSettings(tls_ca_file=tmp_path / "empty.pem")


@pytest.mark.parametrize("city", ["36", "36.71.07", "tangerang"])
def test_a_city_is_a_code_of_two_parts(city: str) -> None:
    with pytest.raises(ValidationError, match="city"):
        ServiceSettings(environment="development", city=city)


def test_the_source_names_city_and_service() -> None:
    settings = ServiceSettings(environment="development", city="18.72")
    assert settings.source("registry") == "urn:kentongan:18.72:registry"


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("127.0.0.1:27017", "must begin with mongodb:// or mongodb\\+srv://"),
        ("http://127.0.0.1/", "must begin with"),
        ("mongodb://", "at least one hostname"),
        ("mongodb://office:drum", "Port contains non-digit characters"),
        ("mongodb://a:99999/", "Port must be an integer"),
        ("mongodb://office:drum@a/?replicasett=kota", "Unknown option: replicasett"),
        ("mongodb://office:drum@a/?authMechanism=drum", "authmechanism must be in"),
        ("mongodb://a,b/?directConnection=true", "multiple hosts"),
    ],
)
def test_an_address_that_the_driver_refuses_is_refused_at_the_start(uri: str, said: str) -> None:
    with pytest.raises(ValidationError, match=f"uri\n.*{said}") as refused:
        MongoSettings(uri=SecretStr(uri))
    assert "drum" not in str(refused.value)


@pytest.mark.parametrize(
    ("uri", "credentials", "tls"),
    [
        ("mongodb://a/", False, False),
        ("mongodb://office:drum@a/?tls=true", True, True),
        ("mongodb+srv://kota.example/", False, True),
        ("mongodb+srv://office:drum@kota.example/?tls=false", True, False),
    ],
)
def test_what_an_address_says(uri: str, credentials: bool, tls: bool) -> None:
    address = MongoSettings(uri=SecretStr(uri)).address()
    assert (address.credentials, address.tls) == (credentials, tls)


def test_a_key_set_s_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"jwks_file\n.*none.json: No such file"):
        AuthSettings(jwks_file=tmp_path / "none.json")
    with pytest.raises(ValidationError, match="Is a directory"):
        AuthSettings(jwks_file=tmp_path)


def test_one_key_set_only(tmp_path: Path) -> None:
    (tmp_path / "jwks.json").touch()
    both = AuthSettings(jwks_file=tmp_path / "jwks.json", jwks_url="https://id.example/keys")
    with pytest.raises(ValidationError, match="not both"):
        ServiceSettings(environment="production", auth=both)


def in_production(**http: float) -> ServiceSettings:
    return ServiceSettings(
        environment="production",
        auth=AuthSettings(jwks_url="https://id.example/keys"),
        http=HttpSettings.model_validate(http),
    )


def test_the_end_fits_into_its_bound() -> None:
    assert in_production().lame_duck_seconds == 3.0
    assert in_production(lame_duck_seconds=0).lame_duck_seconds == 0
    assert ServiceSettings(environment="development").lame_duck_seconds == 0
    with pytest.raises(ValidationError, match=r"HTTP_LAME_DUCK_SECONDS and .* 25 s together"):
        in_production(lame_duck_seconds=15)
    with pytest.raises(ValidationError, match="KENTONGAN_SHUTDOWN_SECONDS, 10, must leave room"):
        ServiceSettings(environment="development", shutdown_seconds=10)
