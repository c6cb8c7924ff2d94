"""A city whose Kafka and MongoDB are secured, and what is refused there."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kentongan.testing.running_services import RunningServices
from tests.integration.conformance.secured import (
    ONLOOKER,
    OPERATOR,
    Secured,
    new_password,
)

WRONG_PASSWORD = new_password()
KAFKA_PASSWORD = "KENTONGAN_KAFKA_SASL_PASSWORD"
CA_FILES = ("KENTONGAN_KAFKA_CA_FILE", "KENTONGAN_MONGO_TLS_CA_FILE")


@dataclass(frozen=True, slots=True)
class City:
    """Secured backends with topics and storage applied, and services that may be started."""

    backends: Secured
    services: RunningServices
    folder: Path

    def refused(self, how: str) -> dict[str, str]:
        """An operator's settings, with one thing wrong."""
        right = self.backends.settings(OPERATOR)
        if how == "password":
            return self.backends.settings(OPERATOR, WRONG_PASSWORD)
        if how == "authority":
            return right | dict.fromkeys(CA_FILES, str(self.folder / "stranger.pem"))
        if how == "name":
            return {name: value.replace("127.0.0.1", "localhost") for name, value in right.items()}
        if how == "sight":
            return self.backends.settings(ONLOOKER)
        assert how == "rights"
        return self.backends.settings("placement") | {
            "KENTONGAN_KAFKA_TOPIC_PREFIX": "bandung.",
            "KENTONGAN_MONGO_DATABASE_PREFIX": "bandung_",
        }

    def told_secrets(self) -> list[str]:
        """The logs with a password in them, of processes, commands and backends alike."""
        passwords = [*self.backends.passwords.values(), WRONG_PASSWORD]
        secrets = {*passwords, *(quote(one, safe="") for one in passwords)}
        logs = list((self.folder / "logs").glob("*.log"))
        assert {"kafka.log", "mongod.log"} <= {log.name for log in logs}
        return [
            log.name
            for log in logs
            if any(secret in log.read_text(errors="replace") for secret in secrets)
        ]
