"""The file that names a running system: `kentongan demo --against FILE`.

Secrets may stand in files of their own (`…_file`), so that this one can be shown to anybody.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import jwt
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FilePath,
    SecretStr,
    StringConstraints,
    model_validator,
)

from kentongan.demo.city.places import CityUnknown, load_city
from kentongan.settings import AuthorityFile


def _known_city(code: str) -> str:
    try:
        load_city(code)
    except CityUnknown:
        raise ValueError("kode kota tidak dikenal / unknown city code") from None
    return code


def _elliptic(file: Path) -> Path:
    try:
        jwt.get_algorithm_by_name("ES256").prepare_key(file.read_bytes())
        jwt.encode({}, file.read_bytes(), algorithm="ES256")
    except (jwt.PyJWTError, ValueError, TypeError, OSError):
        text = "bukan kunci privat P-256 (PEM) / not a private key of P-256 (PEM)"
        raise ValueError(text) from None
    return file


def _as_address(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1)]
BaseUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Address(_Strict):
    """Where a service answers: its base URL, a path of an edge included."""

    url: BaseUrl
    host: Text | None = None
    """The Host header, where an edge tells services apart by it."""

    @model_validator(mode="after")
    def _host_without_tls(self) -> "Address":
        if self.host is not None and self.url.startswith("https:"):
            raise ValueError(
                "dengan https nama di url yang berlaku / with https the name in url counts"
            )
        return self


GivenAddress = Annotated[Address, BeforeValidator(_as_address)]


class DevelopmentTokens(_Strict):
    """Tokens of the development key: the system runs in the development environment."""

    kind: Literal["development"]


class SigningKeyTokens(_Strict):
    """Tokens signed with a private key; the services have its public half in their key set."""

    kind: Literal["signing-key"]
    key_file: Annotated[FilePath, AfterValidator(_elliptic)]
    kid: Text
    issuer: Text
    audience: Text = "kentongan"


class OidcTokens(_Strict):
    """Tokens of Keycloak, from a realm made for rehearsals: `kentongan identity realm`."""

    kind: Literal["oidc"]
    realm_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#@]+/realms/[^\s/?#]+$")]
    """As the season reaches it; services may know it by another address."""
    client_id: Text = "kentongan-season"
    client_secret: SecretStr | None = None
    client_secret_file: FilePath | None = None
    ca_file: AuthorityFile | None = None

    @model_validator(mode="after")
    def _one_secret(self) -> "OidcTokens":
        if (self.client_secret is None) == (self.client_secret_file is None):
            raise ValueError(
                "client_secret atau client_secret_file, salah satu / exactly one of them"
            )
        return self

    @property
    def secret(self) -> str:
        """The client's secret, from wherever it stands."""
        if self.client_secret_file is not None:
            return self.client_secret_file.read_text().removesuffix("\n")
        return self.client_secret.get_secret_value() if self.client_secret is not None else ""


AnyTokens = Annotated[
    DevelopmentTokens | SigningKeyTokens | OidcTokens, Field(discriminator="kind")
]


class KafkaAccess(_Strict):
    """Kafka for the consistency check; what isn't said is taken from KENTONGAN_KAFKA_*."""

    bootstrap_servers: Text | None = None
    topic_prefix: str | None = None
    security_protocol: Text | None = None
    sasl_mechanism: Text | None = None
    sasl_username: Text | None = None
    sasl_password: SecretStr | None = None
    sasl_password_file: FilePath | None = None
    ca_file: AuthorityFile | None = None

    @model_validator(mode="after")
    def _one_password(self) -> "KafkaAccess":
        if self.sasl_password is not None and self.sasl_password_file is not None:
            raise ValueError(
                "sasl_password atau sasl_password_file, bukan keduanya / one of them, not both"
            )
        return self

    def stated(self) -> dict[str, Any]:
        """What the file says, as the settings name it."""
        found = self.model_dump(exclude_none=True, exclude={"sasl_password_file"})
        if self.sasl_password_file is not None:
            found["sasl_password"] = self.sasl_password_file.read_text().removesuffix("\n")
        return found


class ReceiverAt(_Strict):
    """A receiver of webhooks that runs apart: `python -m kentongan.demo.receiver`."""

    for_courier: BaseUrl
    """Under which broadcast's courier reaches it."""
    for_season: BaseUrl
    """Under which the season reads what it took."""


class Services(_Strict):
    """All four of them."""

    registry: GivenAddress
    placement: GivenAddress
    broadcast: GivenAddress
    scoring: GivenAddress

    def by_name(self) -> dict[str, Address]:
        """The addresses by the services' names."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Target(_Strict):
    """A running system, as the file names it."""

    city: Annotated[str, AfterValidator(_known_city)]
    services: Services
    ca_file: AuthorityFile | None = None
    """PEM of the authorities that are believed when services are called by https."""
    kafka: KafkaAccess = KafkaAccess()
    tokens: AnyTokens
    receiver: ReceiverAt | None = None
    """None: in the season's own process, on loopback, for a system on the same machine."""
