"""A whole city on one node: rolled out by the chart, reached from outside, taken down again."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import yaml

from deploy.generate.rendered import CHART
from deploy.generate.tools import find
from kentongan.local.ports import free_port
from kentongan.process.service import service_names
from tests.deploy.cluster.issuer import Issuer
from tests.deploy.cluster.outside import KAFKA, addresses, node_ports
from tests.deploy.lab.kubernetes.node import Node

HERE = Path(__file__).parent
MONGODB = "mongodb://mongodb.data.svc.cluster.local:27017/?replicaSet=rs0"
RECEIVER = "10.96.0.20"
"""Under which pods reach the season's receiver, which listens on the host's loopback."""
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"


@dataclass
class City:
    """One city's namespace, and what happened there with how long it took."""

    node: Node
    folder: Path
    issuer: Issuer
    took: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Print what is done and how long it took."""
        began = time.monotonic()
        yield
        self.took[what] = time.monotonic() - began
        sys.stdout.write(f"\n{what}: {self.took[what]:.1f} s\n")
        sys.stdout.flush()

    def prepare(self) -> None:
        """Namespaces, Kafka and MongoDB, Secrets, the key set, the ways in."""
        for namespace in ("data", "kim"):
            self.node.must("create", "namespace", namespace)
        self.node.must("label", "namespace", "kim", RESTRICTED)
        self.node.must("apply", "-f", str(HERE / "data.yaml"))
        self.node.must("apply", "-f", "-", given=json.dumps(_listed(self._own())))
        for name in ("kafka", "mongodb"):
            self._data("rollout", "status", f"deployment/{name}", "--timeout=180s")
        self._data("wait", "--for=condition=Complete", "job/replica-set", "--timeout=180s")

    def roll_out(self, tag: str, *more: str) -> None:
        """`helm upgrade --install` of the chart, until all is ready."""
        values = self.folder / "season-values.yaml"
        values.write_text(yaml.safe_dump(_for_a_season()))
        self.helm(
            *("upgrade", "--install", "kentongan", str(CHART), "--wait", "--timeout", "8m"),
            *("--values", str(HERE / "values.yaml"), "--values", str(values)),
            *(f"--set=image.tag={tag}", *more),
        )

    def helm(self, *arguments: str) -> str:
        """Run helm in the city's namespace; it has to succeed."""
        done = subprocess.run(
            [str(find("helm")), "--kubeconfig", str(self.node.kubeconfig), "-n", "kim", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout + done.stderr + self.state()
        return done.stdout

    def must(self, *arguments: str, seconds: float = 300.0) -> str:
        """Run kubectl in the city's namespace; it has to succeed."""
        answer = self.node.kubectl("-n", "kim", *arguments, seconds=seconds)
        assert answer.code == 0, answer.all + self.state()
        return answer.out

    def until_available(self) -> None:
        """All that the chart wants is there and ready."""
        self.must(
            *("wait", "--for=condition=Available", "deployment", "--all", "--timeout=300s"),
        )

    def pods(self, service: str, role: str) -> list[str]:
        """Names of a role's pods that are not on their way out."""
        labels = f"app.kubernetes.io/component={service},kentongan/role={role}"
        found = json.loads(self.must("get", "pods", "-l", labels, "-o", "json"))["items"]
        return [
            one["metadata"]["name"] for one in found if "deletionTimestamp" not in one["metadata"]
        ]

    def state(self) -> str:
        """What an operator would look at first, for a message."""
        pods = self.node.kubectl("get", "pods", "-A", "-o", "wide").out
        events = self.node.kubectl("-n", "kim", "get", "events").out.splitlines()[-15:]
        logs = self.node.kubectl(
            *("-n", "kim", "logs", "-l", "app.kubernetes.io/name=kentongan", "--tail=4"),
            *("--max-log-requests=40", "--ignore-errors", "--prefix"),
        )
        return "\n".join(["", pods, *events, logs.out[-6000:]])

    @contextmanager
    def target(self) -> Iterator[Path]:
        """The file that names this city for `kentongan demo --against`, and its receiver."""
        port = free_port()
        self.node.let_pods_reach(RECEIVER, port)
        command = [sys.executable, "-m", "kentongan.demo.receiver", "--port", str(port)]
        receiver = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        file = self.folder / "city.json"
        document: dict[str, Any] = {
            "city": "36.71",
            "services": addresses(),
            "kafka": {"bootstrap_servers": KAFKA},
            "tokens": self.issuer.named(),
            "receiver": {
                "for_courier": f"http://{RECEIVER}:80",
                "for_season": f"http://127.0.0.1:{port}",
            },
        }
        file.write_text(json.dumps(document))
        try:
            yield file
        finally:
            receiver.terminate()
            receiver.wait(20)

    def _data(self, *arguments: str) -> None:
        answer = self.node.kubectl("-n", "data", *arguments, seconds=300)
        assert answer.code == 0, answer.all + self.state()

    def _own(self) -> list[dict[str, Any]]:
        keys = {"metadata": {"name": "keys", "namespace": "kim"}, "apiVersion": "v1"}
        return [
            {**keys, "kind": "ConfigMap", "data": {"jwks.json": self.issuer.key_set()}},
            *(
                {
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"name": f"kentongan-{name}", "namespace": "kim"},
                    "stringData": {"mongodb-uri": MONGODB, "secret": token_hex(32)},
                }
                for name in service_names()
            ),
            *node_ports(),
        ]


def _listed(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "List", "items": items}


def _for_a_season() -> dict[str, Any]:
    """What a season wants of the services, as the chart's values."""
    command = [sys.executable, "-m", "kentongan", "demo", "--settings"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=surroundings())
    wanted: dict[str, dict[str, str]] = json.loads(told.stdout)
    return {
        "services": {
            name: {"settings": {key: json.loads(value) for key, value in own.items()}}
            for name, own in wanted.items()
        }
    }


def surroundings() -> dict[str, str]:
    """This process's environment without what would be taken for settings."""
    return {key: value for key, value in os.environ.items() if not key.startswith("KENTONGAN_")}


def free_gigabytes(folder: Path) -> float:
    """Room on the disk where the images go."""
    return shutil.disk_usage(folder).free / 2**30
