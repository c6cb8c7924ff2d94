"""What can be set for every service; `docs/operations.md` has the table.

A service adds its own under `KENTONGAN_<SERVICE>_`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from kentongan.domain.regions import CityCode
from kentongan.settings.backends import KafkaSettings, MongoSettings
from kentongan.settings.doubts import Doubt
from kentongan.settings.environment import EnvironmentSettings
from kentongan.settings.tracing import TracingSettings

DEVELOPMENT_SECRET = "kentongan-development-secret-never-in-production"  # noqa: S105 - says so itself
SHORTEST_SECRET = 32
LAME_DUCK_SECONDS = 3.0
"""In production, where nothing else is said: what a balancer that looks once a second needs."""


def _readable(file: Path) -> Path:
    try:
        with file.open("rb"):
            return file
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from None


ReadableFile = Annotated[Path, AfterValidator(_readable)]
"""A file that can be opened at the start; it may be replaced while the process runs."""


class HttpSettings(EnvironmentSettings):
    """Where a service listens and what it accepts."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_HTTP_")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    max_body_bytes: int = Field(default=1_048_576, ge=1024)
    lame_duck_seconds: float | None = Field(default=None, ge=0, le=300)
    """At the end: unready but still answering, until whoever sends requests has noticed."""
    drain_seconds: float = Field(default=10.0, ge=0)


class AuthSettings(EnvironmentSettings):
    """Whose tokens are trusted. Without a key set only the development key can be."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_AUTH_")

    jwks_url: str | None = Field(default=None, pattern=r"^https?://[!-~]+$")
    jwks_file: ReadableFile | None = None
    issuer: str = "https://auth.kentongan.invalid"
    audience: str = "kentongan"
    algorithms: tuple[Literal["RS256", "ES256", "EdDSA"], ...] = ("ES256", "RS256", "EdDSA")


class ServiceSettings(EnvironmentSettings):
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
    tracing: TracingSettings = Field(default_factory=TracingSettings)

    @model_validator(mode="after")
    def _keys_in_production(self) -> "ServiceSettings":
        if self.auth.jwks_url is not None and self.auth.jwks_file is not None:
            raise ValueError("give KENTONGAN_AUTH_JWKS_URL or KENTONGAN_AUTH_JWKS_FILE, not both")
        if self.environment == "production" and not (self.auth.jwks_url or self.auth.jwks_file):
            raise ValueError(
                "production needs KENTONGAN_AUTH_JWKS_URL or KENTONGAN_AUTH_JWKS_FILE; "
                "set KENTONGAN_ENVIRONMENT=development to use the development key"
            )
        return self

    @model_validator(mode="after")
    def _an_end_within_its_bound(self) -> "ServiceSettings":
        ending = self.lame_duck_seconds + self.http.drain_seconds
        if ending >= self.shutdown_seconds:
            raise ValueError(
                "KENTONGAN_HTTP_LAME_DUCK_SECONDS and KENTONGAN_HTTP_DRAIN_SECONDS take "
                f"{ending:g} s together; KENTONGAN_SHUTDOWN_SECONDS, {self.shutdown_seconds:g}, "
                "must leave room for what comes after them"
            )
        return self

    @property
    def lame_duck_seconds(self) -> float:
        """What was set; else none in development, where nobody balances."""
        if self.http.lame_duck_seconds is not None:
            return self.http.lame_duck_seconds
        return LAME_DUCK_SECONDS if self.environment == "production" else 0.0

    def doubts(self) -> Iterator[Doubt]:
        """What is allowed, and doubtful in production. A service adds its own."""
        yield from self.kafka.doubts()
        yield from self.mongo.doubts()
        if (self.auth.jwks_url or "").startswith("http:"):
            yield Doubt(
                "KENTONGAN_AUTH_JWKS_URL",
                "http: whoever is on the way can put in a key of their own",
                "Pakai alamat https, atau KENTONGAN_AUTH_JWKS_FILE.",
                "Use an https address, or KENTONGAN_AUTH_JWKS_FILE.",
            )

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
