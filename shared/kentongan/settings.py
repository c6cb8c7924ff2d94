"""Settings of every service, from environment variables only, validated at start.

`docs/operations.md` has the table. A service adds its own under `KENTONGAN_<SERVICE>_`.
"""

import re
import ssl
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from kentongan.domain.regions import CityCode

DEVELOPMENT_SECRET = "kentongan-development-secret-never-in-production"  # noqa: S105 - says so itself
SHORTEST_SECRET = 32


def _holding_authorities(file: Path) -> Path:
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        # Found out when connecting, it would be waited for like a server that is away.
        raise ValueError(f"{file} holds no PEM certificate that can be read: {error}") from None
    return file


AuthorityFile = Annotated[FilePath, AfterValidator(_holding_authorities)]
"""A PEM file of the authorities that are believed; read at the start."""


class KafkaSettings(BaseSettings):
    """Where Kafka is and how it is secured; replication of the topics that `topics apply` makes."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_KAFKA_")

    bootstrap_servers: str = "127.0.0.1:9092"
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ca_file: AuthorityFile | None = None
    topic_prefix: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9._-]*\.)?$")
    """Ends with a dot, so that cities can share a cluster: `tangerang.`"""
    idempotent_producer: bool = True
    """False only for the lighter broker of the embedded stack, which has no producer ids."""
    session_timeout_seconds: float = Field(default=30.0, ge=6.0, le=300.0)
    """How long a consumer that died without a word keeps its partitions; brokers refuse under 6."""
    replication_factor: int = Field(default=1, ge=1)
    min_insync_replicas: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _credentials_with_sasl(self) -> "KafkaSettings":
        if self.security_protocol.startswith("SASL") and not (
            self.sasl_username and self.sasl_password
        ):
            raise ValueError(
                "KENTONGAN_KAFKA_SASL_USERNAME and _SASL_PASSWORD are required with "
                f"{self.security_protocol}"
            )
        if self.min_insync_replicas > self.replication_factor:
            raise ValueError(
                "KENTONGAN_KAFKA_MIN_INSYNC_REPLICAS exceeds KENTONGAN_KAFKA_REPLICATION_FACTOR"
            )
        return self


class MongoSettings(BaseSettings):
    """Where MongoDB is. It must be a replica set: transactions and change streams need one."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_MONGO_")

    uri: SecretStr = SecretStr("mongodb://127.0.0.1:27017/?directConnection=true")
    tls_ca_file: AuthorityFile | None = None
    database_prefix: str = Field(default="kentongan_", pattern=r"^[a-z][a-z0-9_]{0,30}$")
    server_selection_timeout_seconds: float = Field(default=3.0, gt=0)
    socket_timeout_seconds: float = Field(default=10.0, gt=0)

    @field_validator("uri")
    @classmethod
    def _with_a_quoted_password(cls, uri: SecretStr) -> SecretStr:
        _, _, rest = uri.get_secret_value().partition("://")
        servers = re.split("[/?]", rest)[0]
        if servers.count("@") > 1 or "@" in rest.removeprefix(servers):
            # What follows the stray sign would be taken for a server's name, and logged.
            raise ValueError("user and password must be percent-encoded")
        return uri


class HttpSettings(BaseSettings):
    """Where a service listens and what it accepts."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_HTTP_")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    drain_seconds: float = Field(default=10.0, ge=0)


class AuthSettings(BaseSettings):
    """Whose tokens are trusted. Without a key set only the development key can be."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_AUTH_")

    jwks_url: str | None = None
    jwks_file: Path | None = None
    issuer: str = "https://auth.kentongan.invalid"
    audience: str = "kentongan"
    algorithms: tuple[Literal["RS256", "ES256", "EdDSA"], ...] = ("ES256", "RS256", "EdDSA")


class ServiceSettings(BaseSettings):
    """What all services share; each service's settings class extends it."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_")

    environment: Literal["development", "production"] = "production"
    """The development key signs tokens in `development` only; `production` refuses it."""
    city: CityCode = "36.71"
    """The Kemendagri code that names the city in `ce_source`."""
    revision: str = "unknown"
    """The commit that the code was built from: an image is built with it, for a metric."""
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    shutdown_seconds: float = Field(default=25.0, gt=0)
    """Bound on an orderly shutdown; below the 30 s after which Kubernetes kills."""

    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
    mongo: MongoSettings = Field(default_factory=MongoSettings)
    http: HttpSettings = Field(default_factory=HttpSettings)
    auth: AuthSettings = Field(default_factory=AuthSettings)

    @model_validator(mode="after")
    def _keys_in_production(self) -> "ServiceSettings":
        if self.environment == "production" and not (self.auth.jwks_url or self.auth.jwks_file):
            raise ValueError(
                "production needs KENTONGAN_AUTH_JWKS_URL or KENTONGAN_AUTH_JWKS_FILE; "
                "set KENTONGAN_ENVIRONMENT=development to use the development key"
            )
        return self

    def ensure_secret(self, name: str, secret: SecretStr, guards: str) -> None:
        """A secret of a service's own: long enough, and not the development one in production.

        `guards` says what of, for whoever has to set it. Raises ValueError.
        """
        value = secret.get_secret_value()
        if len(value) < SHORTEST_SECRET:
            raise ValueError(f"{name} needs {SHORTEST_SECRET} characters")
        if self.environment == "production" and value == DEVELOPMENT_SECRET:
            raise ValueError(f"production needs {name}: it guards {guards}")

    def source(self, service: str) -> str:
        """The CloudEvents source: it names city and service, so that cities can share a cluster."""
        return f"urn:kentongan:{self.city}:{service}"
