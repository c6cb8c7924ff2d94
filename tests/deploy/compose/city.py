"""A city under compose as an operator has it: a folder of its own, its `.env`, its secrets."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kentongan.demo.consistency.journal import Journal
from kentongan.local.ports import free_port
from kentongan.settings import KafkaSettings

PROJECT = Path(__file__).resolve().parents[3]
LAB = Path(__file__).with_name("lab.yaml")
SERVICES = ("registry", "placement", "broadcast", "scoring")
ISSUER, KEY_ID = "https://masuk.uji.invalid", "uji"
UP_SECONDS = 420.0


class ComposeFailed(RuntimeError):
    """A compose command ended with another exit code than 0; the text is what it wrote."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended, with all that it wrote."""

    exit_code: int
    output: str


@dataclass
class City:
    """One compose project in a copy of `deploy/`; what is started is taken down by `down`."""

    folder: Path
    name: str
    images: Mapping[str, str]
    """What `.env` says of images: IMAGE_KAFKA and so on."""
    overlays: Sequence[str] = ()
    """Files of `deploy/compose` beside compose.yaml."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """More of `.env`."""

    villages_taken: int = 0
    """How many villages have a group already, in the order in which clerks take them."""

    journals: list[Journal] = field(default_factory=list)
    """What all clerks of this city asked for and were told."""

    def __post_init__(self) -> None:
        self.edge_port, self.kafka_port, self.receiver_port = (free_port() for _ in range(3))
        self.ports = {name: free_port() for name in ("prometheus", "alertmanager", "grafana")}
        shutil.copytree(PROJECT / "deploy", self.folder / "deploy")
        self.compose_folder = self.folder / "deploy" / "compose"
        self._make_keys()
        self.write_env({})

    @property
    def edge(self) -> str:
        """The published address."""
        return f"http://127.0.0.1:{self.edge_port}"

    @property
    def key_file(self) -> Path:
        """The private key whose public half the services believe."""
        return self.folder / "issuer.pem"

    @property
    def kafka(self) -> KafkaSettings:
        """Kafka as the test reaches it from this machine."""
        return KafkaSettings(**self._kafka_access)  # type: ignore[arg-type]

    def write_env(self, changes: Mapping[str, str]) -> None:
        """`.env`: a production city, with `changes` over what the tests set."""
        settings = {
            "KENTONGAN_CITY": "36.71",
            "KENTONGAN_AUTH_JWKS_FILE": "/etc/kentongan/keys/jwks.json",
            "KENTONGAN_AUTH_ISSUER": ISSUER,
            # The courier calls the test's receiver, which lies in its own network.
            "KENTONGAN_BROADCAST_PRIVATE_TARGETS": "true",
            "CITY_PROJECT": self.name,
            "EDGE_PORT": str(self.edge_port),
            **{f"{name.upper()}_PORT": str(port) for name, port in self.ports.items()},
            # All load comes from one address here.
            "EDGE_RATE": "5000",
            "EDGE_BURST": "5000",
            "EDGE_CONNECTIONS": "1000",
            **self.images,
            **self.extra,
            **changes,
        }
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.compose_folder / ".env").write_text(text)

    def prepare(self) -> Ended:
        """`./prepare`, as an operator calls it."""
        return self._run(["./prepare"], seconds=UP_SECONDS)

    def compose(self, *arguments: str, seconds: float = UP_SECONDS) -> str:
        """`docker compose …`; raises ComposeFailed."""
        ended = self._run(["docker", "compose", *arguments], seconds=seconds)
        if ended.exit_code:
            raise ComposeFailed(f"{' '.join(arguments)}: {ended.output[-6000:]}")
        return ended.output

    def up(self, *arguments: str) -> float:
        """`up -d --wait`; how many seconds until all was healthy."""
        began = time.monotonic()
        self.compose("up", "-d", "--wait", "--no-build", *arguments)
        return time.monotonic() - began

    def down(self) -> None:
        """End all of it, data too."""
        command = ["docker", "compose", "--profile", "*", "down", "-v", "--timeout", "5"]
        self._run(command, seconds=180)

    def containers(self, service: str) -> list[str]:
        """The ids of a service's running containers."""
        return self.compose("ps", "--quiet", service).split()

    def inspect(self, container: str) -> dict[str, Any]:
        """What the engine knows of a container."""
        [found] = json.loads(docker("inspect", container))
        return dict(found)

    def image(self, service: str) -> str:
        """The image of a service's processes."""
        return f"{self.images['IMAGE_PREFIX']}/{service}:{self.images['IMAGE_TAG']}"

    def logs(self, *services: str) -> str:
        """What they wrote."""
        return self.compose("logs", "--no-color", "--no-log-prefix", *services)

    def season_target(self) -> Path:
        """The file for `kentongan demo --against`."""
        target = {
            "city": "36.71",
            "services": {name: f"{self.edge}/{name}" for name in SERVICES},
            "kafka": self._kafka_access,
            "tokens": {
                "kind": "signing-key",
                "key_file": str(self.key_file),
                "kid": KEY_ID,
                "issuer": ISSUER,
            },
            "receiver": {
                "for_courier": "http://receiver:8000",
                "for_season": f"http://127.0.0.1:{self.receiver_port}",
            },
        }
        path = self.folder / "against.json"
        path.write_text(json.dumps(target, indent=2))
        return path

    @property
    def _kafka_access(self) -> dict[str, str]:
        """In a secured city as who may see all."""
        address = {"bootstrap_servers": f"127.0.0.1:{self.kafka_port}"}
        if "secured.yaml" not in self.overlays:
            return address
        authority = self.folder / "authority.pem"
        if not authority.exists():
            [container] = self.containers("registry-api")
            authority.write_text(docker("exec", container, "cat", "/authority/authority.pem"))
        password = self.compose_folder / "secrets" / "password-administrator"
        return {
            **address,
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_username": "administrator",
            "sasl_password": password.read_text(),
            "ca_file": str(authority),
        }

    def _make_keys(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self.key_file.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
        keys = {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "ES256"}]}
        (self.compose_folder / "keys").mkdir(exist_ok=True)
        (self.compose_folder / "keys" / "jwks.json").write_text(json.dumps(keys))

    def _run(self, command: Sequence[str], *, seconds: float) -> Ended:
        files = ["compose.yaml", *self.overlays, str(LAB)]
        environment = {
            **{name: value for name, value in os.environ.items() if not _of_a_city(name)},
            "COMPOSE_FILE": ":".join(files),
            "LAB_KAFKA_PORT": str(self.kafka_port),
            "LAB_RECEIVER_PORT": str(self.receiver_port),
            "LAB_SOURCE": str(PROJECT / "shared"),
            "LAB_FOLDER": str(LAB.parent),
        }
        done = subprocess.run(
            command,
            cwd=self.compose_folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Ended(done.returncode, done.stdout)


def docker(*arguments: str, seconds: float = 120.0) -> str:
    """`docker …`, whose exit code must be 0."""
    done = subprocess.run(
        ["docker", *arguments],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr[-2000:]}"
    return done.stdout


def _of_a_city(name: str) -> bool:
    """Whether a variable of the test's own environment would be taken for one of `.env`."""
    return re.match(r"(KENTONGAN|EDGE|IMAGE|KAFKA|MONGO|COMPOSE|CITY)_", name) is not None
