"""A real node: kubelet, containerd, kube-proxy, CoreDNS, and what schedules and controls.

Needs root, Debian's containerd, its CNI plugins, conntrack, iptables. One on a host at a time.
"""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.generate.tools import find
from kentongan.local.ports import free_port
from tests.deploy.lab.kubernetes import cgroups
from tests.deploy.lab.kubernetes.control_plane import API_ADDRESS, ControlPlane
from tests.deploy.lab.kubernetes.host_state import HostState, links_of, mounts_below, run
from tests.deploy.lab.kubernetes.node_files import NODE, SERVICES_DNS, NodeFiles

BRIDGE = "kimnode0"


@dataclass
class Node(ControlPlane):
    """A control plane with one node that runs pods of its images; `stop` leaves nothing."""

    images: Sequence[Path] = ()
    """Archives as `docker save` writes them."""
    host: HostState = field(default_factory=HostState)
    reached: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.files = NodeFiles(
            folder=self.folder,
            kubeconfig=self.kubeconfig,
            bridge=BRIDGE,
            dns_port=free_port(),
            kubelet_port=free_port(),
            ports=(free_port(), free_port(), free_port()),
        )

    def start(self) -> None:
        """Up with its images within a minute. Raises NotReady, ToolMissing."""
        self.host.note()
        self.files.write()
        super().start()
        self._start_containers()
        self._start_controllers()
        self._start_kubelet()
        self._open_ways()
        self.started.wait_for("the node", self._ready_to_run)
        cgroups.weigh()

    def stop(self) -> None:
        """Delete the pods, end all, and put the host back as it was."""
        self._delete_pods()
        self.started.end()
        self._end_shims()
        cgroups.end()
        run(str(find("kube-proxy")), "--cleanup")
        for rule in self._rules():
            run("iptables", "-w", *rule[:2], "-D", *rule[3:])
        self.host.restore()
        for link in (*links_of(BRIDGE), BRIDGE):
            run("ip", "link", "del", link)
        for point in mounts_below(self.folder):
            run("umount", "-l", point)
        self.files.forget_networks()

    def let_pods_reach(self, address: str, port: int) -> None:
        """An address on which pods, on port 80, find what listens on this host's loopback."""
        self.reached[address] = port
        for rule in self._rules():
            if address in rule:
                subprocess.run(["iptables", "-w", *rule], capture_output=True, check=True)

    def _start_containers(self) -> None:
        self.started.start("containerd", find("containerd"), "-c", self.folder / "containerd.toml")
        self.started.wait_for("containerd", lambda: self._containers("version") == 0)
        for archive in self.images:
            assert self._containers("-n", "k8s.io", "images", "import", str(archive)) == 0, archive

    def _start_controllers(self) -> None:
        configuration = f"--kubeconfig={self.kubeconfig}"
        shared = (
            configuration,
            f"--authentication-kubeconfig={self.kubeconfig}",
            f"--authorization-kubeconfig={self.kubeconfig}",
            "--bind-address=127.0.0.1",
            "--leader-elect=false",
        )
        self.started.start(
            "controllers",
            find("kube-controller-manager"),
            *shared,
            f"--secure-port={free_port()}",
            f"--service-account-private-key-file={self.folder / 'service-accounts.key'}",
            f"--root-ca-file={self.folder / 'certificates' / 'apiserver.crt'}",
            "--use-service-account-credentials=true",
        )
        self.started.start(
            "scheduler", find("kube-scheduler"), *shared, f"--secure-port={free_port()}"
        )

    def _start_kubelet(self) -> None:
        self.started.start(
            "kubelet",
            find("kubelet"),
            f"--config={self.folder / 'kubelet.json'}",
            f"--kubeconfig={self.kubeconfig}",
            f"--hostname-override={NODE}",
            f"--root-dir={self.folder / 'kubelet'}",
            f"--cert-dir={self.folder / 'kubelet' / 'pki'}",
        )
        self.started.start("proxy", find("kube-proxy"), f"--config={self.folder / 'proxy.json'}")
        self.started.start("dns", find("coredns"), "-conf", self.folder / "Corefile")

    def _open_ways(self) -> None:
        for rule in self._rules():
            done = subprocess.run(["iptables", "-w", *rule], capture_output=True, check=False)
            assert done.returncode == 0, done.stderr

    def _rules(self) -> list[tuple[str, ...]]:
        """Pods reach DNS and the API on the host's loopback, and each other through the bridge."""
        to_dns = ("-d", SERVICES_DNS, "--dport", "53")
        to_api = ("-d", API_ADDRESS, "--dport", "443")
        forwarded = [
            *((protocol, to_dns, self.files.dns_port) for protocol in ("udp", "tcp")),
            ("tcp", to_api, self.port),
            *(("tcp", ("-d", one, "--dport", "80"), port) for one, port in self.reached.items()),
        ]
        return [
            *(
                (
                    *("-t", "nat", "-I", "PREROUTING", "-i", BRIDGE, "-p", protocol, *to),
                    *("-j", "DNAT", "--to-destination", f"127.0.0.1:{port}"),
                )
                for protocol, to, port in forwarded
            ),
            ("-t", "filter", "-I", "FORWARD", "-i", BRIDGE, "-j", "ACCEPT"),
            ("-t", "filter", "-I", "FORWARD", "-o", BRIDGE, "-j", "ACCEPT"),
        ]

    def _ready_to_run(self) -> bool:
        status = '{.status.conditions[?(@.type=="Ready")].status}'
        node = self.kubectl("get", "node", NODE, f"-o=jsonpath={status}")
        return (
            node.out == "True"
            and self.kubectl("-n", "default", "get", "serviceaccount", "default").code == 0
        )

    def _delete_pods(self) -> None:
        workloads = "deployment,statefulset,job,daemonset"
        self.kubectl("delete", workloads, "--all", "--all-namespaces", "--wait=false")
        self.kubectl(
            *("delete", "pods", "--all", "--all-namespaces"),
            *("--grace-period=1", "--timeout=40s"),
        )

    def _containers(self, *arguments: str) -> int:
        command = [str(find("ctr")), "-a", str(self.files.socket), *arguments]
        return subprocess.run(command, capture_output=True, check=False, timeout=900).returncode

    def _end_shims(self) -> None:
        """A shim outlives containerd; those of this node name its socket."""
        deadline = time.monotonic() + 10
        while (left := self.shims()) and time.monotonic() < deadline:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)

    def shims(self) -> list[int]:
        """What still keeps a container of this node."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    line = (folder / "cmdline").read_bytes()
                except OSError:
                    continue
                if b"containerd-shim" in line and str(self.files.socket).encode() in line:
                    found.append(int(folder.name))
        return found
