"""A real API server over a real etcd, on loopback: what a manifest is held against."""

import json
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.generate.tools import find
from kentongan.local.ports import free_port
from tests.deploy.lab.kubernetes.started import Started

SERVICES = "10.96.0.0/24"
API_ADDRESS = "10.96.0.1"
_LONG = 120.0


@dataclass
class Answer:
    """What kubectl said."""

    code: int
    out: str
    error: str

    @property
    def all(self) -> str:
        """Both streams."""
        return self.out + self.error


@dataclass
class ControlPlane:
    """etcd and kube-apiserver with their state in one folder; `kubectl` speaks to it as admin."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.started = Started(self.folder)
        self.kubeconfig = self.folder / "kubeconfig"

    def start(self) -> None:
        """Up within seconds. Raises NotReady, ToolMissing."""
        token = secrets.token_hex(16)
        key = self.folder / "service-accounts.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        (self.folder / "tokens.csv").write_text(f"{token},admin,admin,system:masters\n")
        self.kubeconfig.write_text(json.dumps(_kubeconfig(self.port, token)))
        client, peer = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.started.start(
            "etcd",
            find("etcd"),
            f"--data-dir={self.folder / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
        )
        self.started.start(
            "apiserver",
            find("kube-apiserver"),
            f"--etcd-servers={client}",
            "--bind-address=127.0.0.1",
            f"--secure-port={self.port}",
            "--advertise-address=127.0.0.1",
            "--endpoint-reconciler-type=none",
            f"--cert-dir={self.folder / 'certificates'}",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-cluster-ip-range={SERVICES}",
            "--authorization-mode=RBAC",
            f"--token-auth-file={self.folder / 'tokens.csv'}",
            "--kubelet-preferred-address-types=Hostname",
        )
        self.started.wait_for("the API server", self._ready)

    def kubectl(self, *arguments: str, given: str | None = None, seconds: float = _LONG) -> Answer:
        """Run kubectl to its end; `given` is its standard input."""
        done = subprocess.run(
            [str(find("kubectl")), f"--kubeconfig={self.kubeconfig}", *arguments],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def must(self, *arguments: str, given: str | None = None, seconds: float = _LONG) -> str:
        """As `kubectl`, and it has to succeed; returns what it printed."""
        answer = self.kubectl(*arguments, given=given, seconds=seconds)
        assert answer.code == 0, f"kubectl {' '.join(arguments)}: {answer.all}"
        return answer.out

    def dry_run(self, manifests: str) -> Answer:
        """What the API server says of manifests, strictly, without keeping them."""
        return self.kubectl(
            *("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"),
            given=manifests,
        )

    def stop(self) -> None:
        """End all of it."""
        self.started.end()

    def _ready(self) -> bool:
        return self.kubectl("get", "--raw", "/readyz", "--request-timeout=2s").out == "ok"


def _kubeconfig(port: int, token: str) -> dict[str, Any]:
    server = {"server": f"https://127.0.0.1:{port}", "insecure-skip-tls-verify": True}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": server}],
        "users": [{"name": "admin", "user": {"token": token}}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "admin"}}],
        "current-context": "lab",
    }
