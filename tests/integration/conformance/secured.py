"""Kafka and MongoDB as an office of information technology secures them: TLS, users, few rights."""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pymongo import AsyncMongoClient

from kentongan.local.kafka.properties import KafkaPorts
from kentongan.local.kafka.server import EmbeddedKafka
from kentongan.local.mongod import EmbeddedMongod
from kentongan.local.ports import LOOPBACK
from kentongan.local.replica_set import REPLICA_SET
from kentongan.messaging.kafka import rights
from kentongan.messaging.kafka.rights import OPERATOR, operator_rights
from kentongan.process.kafka_rights import rights_of
from kentongan.process.service import find_service, service_names
from kentongan.settings import KafkaSettings

TOPIC_PREFIX, DATABASE_PREFIX = "tangerang.", "tangerang_"
SERVICES = ("registry", "placement")
"""Those that have a user here."""
ONLOOKER = "onlooker"
"""Who may see that there are topics, and nothing else; `OPERATOR` makes topics and collections."""
OWN_OPERATOR = "registry-operator"
"""Who makes those of one service alone."""
USERS = (OPERATOR, ONLOOKER, OWN_OPERATOR, *SERVICES)
SCRAM = ("SCRAM-SHA-512", "SCRAM-SHA-256")
_ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Secured:
    """What runs, and who may use it; a user has one name and one password on both."""

    kafka: EmbeddedKafka
    mongod: EmbeddedMongod
    authority: Path
    passwords: Mapping[str, str]

    @property
    def kafka_address(self) -> str:
        """Of the secured listener; it has the port that is there for a second one."""
        return f"{LOOPBACK}:{self.kafka.ports.proxied}"

    @property
    def inner_kafka(self) -> KafkaSettings:
        """The broker's own listener, for the test's looks."""
        return KafkaSettings(bootstrap_servers=self.kafka.bootstrap, topic_prefix=TOPIC_PREFIX)

    def settings(self, user: str, password: str | None = None) -> dict[str, str]:
        """All that a process is told in order to use these."""
        password = password or self.passwords[user]
        return {
            "KENTONGAN_KAFKA_BOOTSTRAP_SERVERS": self.kafka_address,
            "KENTONGAN_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KENTONGAN_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "KENTONGAN_KAFKA_SASL_USERNAME": user,
            "KENTONGAN_KAFKA_SASL_PASSWORD": password,
            "KENTONGAN_KAFKA_CA_FILE": str(self.authority),
            "KENTONGAN_KAFKA_TOPIC_PREFIX": TOPIC_PREFIX,
            "KENTONGAN_MONGO_URI": (
                f"mongodb://{user}:{quote(password, safe='')}@{LOOPBACK}:{self.mongod.port}"
                f"/?replicaSet={REPLICA_SET}"
            ),
            "KENTONGAN_MONGO_TLS_CA_FILE": str(self.authority),
            "KENTONGAN_MONGO_DATABASE_PREFIX": DATABASE_PREFIX,
        }


@asynccontextmanager
async def secured_backends(folder: Path) -> AsyncIterator[Secured]:
    """Both run with certificates of one authority, for 127.0.0.1 alone."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    certificate = folder / "server.pem"
    certificate.write_bytes(_key_and_chain(authority.issue_cert(LOOPBACK)))
    passwords = {user: new_password() for user in (*USERS, _ADMINISTRATOR)}
    kafka = EmbeddedKafka(
        folder / "kafka",
        log_folder=folder / "logs",
        changes=lambda ports: _kafka_properties(ports, certificate, passwords[OPERATOR]),
        credentials=[
            f'{mechanism}=[name="{user}",password="{passwords[user]}"]'
            for mechanism in SCRAM
            for user in USERS
        ],
    )
    try:
        await kafka.start()
        await _grant(kafka)
        await _make_mongo_users(folder, passwords)
        mongod = _secured_mongod(folder, passwords[_ADMINISTRATOR])
        try:
            await mongod.start()
            yield Secured(kafka, mongod, folder / "authority.pem", passwords)
        finally:
            await mongod.stop()
    finally:
        await kafka.stop()


def new_password() -> str:
    """With all that has to be quoted in a URI."""
    return f"{secrets.token_urlsafe(18)}:/@?%"


def _key_and_chain(issued: trustme.LeafCert) -> bytes:
    # Kafka reads keys in PKCS #8 only.
    key = load_pem_private_key(issued.private_key_pem.bytes(), password=None)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem + b"".join(blob.bytes() for blob in issued.cert_chain_pems)


def _kafka_properties(
    ports: KafkaPorts, certificate: Path, operators_password: str
) -> dict[str, str]:
    """Clients' listener beside the broker's own, on which the broker itself and the test speak."""
    addresses = (
        f"PLAINTEXT://{LOOPBACK}:{ports.client},CONTROLLER://{LOOPBACK}:{ports.controller},"
        f"SECURED://{LOOPBACK}:{ports.proxied}"
    )
    login = "org.apache.kafka.common.security"
    plain = f'PlainLoginModule required user_{OPERATOR}="{operators_password}";'
    return {
        "listeners": addresses,
        "advertised.listeners": addresses,
        "listener.security.protocol.map": (
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL"
        ),
        "listener.name.secured.sasl.enabled.mechanisms": ",".join((*SCRAM, "PLAIN")),
        "listener.name.secured.plain.sasl.jaas.config": f"{login}.plain.{plain}",
        **{
            f"listener.name.secured.{mechanism.lower()}.sasl.jaas.config": (
                f"{login}.scram.ScramLoginModule required;"
            )
            for mechanism in SCRAM
        },
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(certificate),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }


async def _grant(kafka: EmbeddedKafka) -> None:
    """What `kentongan rights` says of each service, and what those beside them need."""
    settings = KafkaSettings(bootstrap_servers=kafka.bootstrap, topic_prefix=TOPIC_PREFIX)
    await rights.apply(settings, await rights_of(map(find_service, SERVICES), settings))
    await rights.apply(settings, operator_rights(settings))
    [makes] = operator_rights(settings)
    await rights.apply(
        settings,
        [
            replace(makes, user=OWN_OPERATOR, name=f"{TOPIC_PREFIX}registry."),
            replace(makes, user=ONLOOKER, operations=("Describe",)),
        ],
    )


async def _make_mongo_users(folder: Path, passwords: Mapping[str, str]) -> None:
    """While the door is still open: users can't be made through a locked one."""
    mongod = EmbeddedMongod(folder / "mongod", log_folder=folder / "logs")
    try:
        await mongod.start()
        async with AsyncMongoClient[dict[str, Any]](mongod.uri) as client:
            for user, password in passwords.items():
                roles = list(_mongo_roles(user))
                await client.admin.command("createUser", user, pwd=password, roles=roles)
    finally:
        await mongod.stop()


def _mongo_roles(user: str) -> Iterator[dict[str, str]]:
    if user == _ADMINISTRATOR:
        yield {"role": "root", "db": "admin"}
    for service in service_names():
        if user in (OPERATOR, service, f"{service}-operator"):
            yield {"role": "readWrite", "db": f"{DATABASE_PREFIX}{service}"}


def _secured_mongod(folder: Path, password: str) -> EmbeddedMongod:
    key_file = folder / "key-file"
    key_file.touch(mode=0o600)
    key_file.write_text(secrets.token_hex(32))
    authority = folder / "authority.pem"
    return EmbeddedMongod(
        folder / "mongod",
        log_folder=folder / "logs",
        arguments=[
            *("--tlsMode", "requireTLS", "--tlsCAFile", str(authority)),
            *("--tlsCertificateKeyFile", str(folder / "server.pem")),
            *("--tlsAllowConnectionsWithoutCertificates", "--keyFile", str(key_file)),
        ],
        uri=(
            f"mongodb://{_ADMINISTRATOR}:{quote(password, safe='')}@{{member}}"
            f"/?tls=true&tlsCAFile={authority}&"
        ),
    )
