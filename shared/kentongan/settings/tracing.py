"""Where spans go, and how many."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from kentongan.settings.environment import EnvironmentSettings


class TracingSettings(EnvironmentSettings):
    """Where spans go, if anywhere: a collector that speaks OTLP over HTTP (protobuf)."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_TRACING_")

    otlp_endpoint: str | None = None
    """The collector's address, `http://collector:4318`; unset, no span is recorded."""
    sample_ratio: float = Field(default=0.01, ge=0.0, le=1.0)
    """Of the traces that begin here; what comes with a `traceparent` follows its flag."""

    @field_validator("otlp_endpoint")
    @classmethod
    def _a_collectors_address(cls, endpoint: str | None) -> str | None:
        if endpoint is None:
            return None
        address = urlsplit(endpoint)
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise ValueError("a collector's address is needed, such as http://collector:4318")
        if address.username is not None or address.query or address.fragment:
            raise ValueError("the address of a collector has no user, no query and no fragment")
        if address.path.rstrip("/").endswith("/v1/traces"):
            raise ValueError("/v1/traces is added by itself: leave it off")
        if address.port == 4317:
            raise ValueError("port 4317 is OTLP over gRPC; OTLP over HTTP is at 4318")
        return endpoint.rstrip("/")
