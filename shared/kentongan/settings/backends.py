"""Where Kafka and MongoDB are, and how they are secured."""

import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, FilePath, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from kentongan.settings.doubts import Doubt
from kentongan.settings.environment import EnvironmentSettings
from kentongan.storage.driver.addresses import Address, describe_address


def _holding_authorities(file: Path) -> Path:
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        # Found out when connecting, it would be waited for like a server that is away.
        raise ValueError(f"{file} holds no PEM certificate that can be read: {error}") from None
    return file


AuthorityFile = Annotated[FilePath, AfterValidator(_holding_authorities)]
"""A PEM file of the authorities that are believed; read at the start."""


class KafkaSettings(EnvironmentSettings):
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

    def doubts(self) -> Iterator[Doubt]:
        """Everything can be read on the way, or by anybody; one broker's loss loses events."""
        if self.security_protocol in ("PLAINTEXT", "SASL_PLAINTEXT"):
            yield Doubt(
                "KENTONGAN_KAFKA_SECURITY_PROTOCOL",
                f"{self.security_protocol}: events and passwords can be read on the way",
                "Pakai SASL_SSL, atau jaringan yang hanya milik layanan-layanan ini.",
                "Use SASL_SSL, or a network that only the services share.",
            )
        if self.replication_factor < 3 or self.min_insync_replicas < 2:
            yield Doubt(
                "KENTONGAN_KAFKA_REPLICATION_FACTOR",
                f"{self.replication_factor}, min in-sync {self.min_insync_replicas}: the loss of "
                "one broker loses events",
                "Dengan tiga broker: 3, dan KENTONGAN_KAFKA_MIN_INSYNC_REPLICAS=2.",
                "With three brokers: 3, and KENTONGAN_KAFKA_MIN_INSYNC_REPLICAS=2.",
            )
        if not self.idempotent_producer:
            yield Doubt(
                "KENTONGAN_KAFKA_IDEMPOTENT_PRODUCER",
                "false: for the lighter broker of a try-out only",
                "Hapus variabel ini.",
                "Remove the variable.",
            )


class MongoSettings(EnvironmentSettings):
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

    @field_validator("uri")
    @classmethod
    def _that_the_driver_takes(cls, uri: SecretStr) -> SecretStr:
        describe_address(uri.get_secret_value())
        return uri

    def address(self) -> Address:
        """What the address says of credentials and encryption."""
        return describe_address(self.uri.get_secret_value(), tls_ca_file=self.tls_ca_file)

    def doubts(self) -> Iterator[Doubt]:
        """Anybody may read and write, or read on the way."""
        address = self.address()
        if not address.credentials:
            yield Doubt(
                "KENTONGAN_MONGO_URI",
                "names no user: anybody who reaches MongoDB may read and change all of it",
                "Beri tiap layanan pengguna sendiri dengan readWrite pada basis datanya saja.",
                "Give each service a user of its own, with readWrite on its database alone.",
            )
        if not address.tls:
            yield Doubt(
                "KENTONGAN_MONGO_TLS_CA_FILE",
                "MongoDB without TLS: personal data can be read on the way",
                "Isi KENTONGAN_MONGO_TLS_CA_FILE, atau tls=true pada URI.",
                "Set KENTONGAN_MONGO_TLS_CA_FILE, or tls=true in the URI.",
            )
