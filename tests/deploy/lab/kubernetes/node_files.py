"""The configuration of a node's parts, as one laboratory has them in its folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PODS = "10.244.0.0/24"
SERVICES_DNS = "10.96.0.10"
DOMAIN = "cluster.local"
NODE = "localhost"
PAUSE = "docker.io/local/pause:1"
NETWORKS = Path("/var/lib/cni/results")
"""Where CNI notes what each pod got; containerd has no setting for another place."""


@dataclass(frozen=True)
class NodeFiles:
    """Where they lie, and the ports that they name."""

    folder: Path
    kubeconfig: Path
    bridge: str
    dns_port: int
    kubelet_port: int
    ports: tuple[int, int, int]
    """Health of the kubelet; health and metrics of the proxy."""

    @property
    def socket(self) -> Path:
        """containerd's."""
        return self.folder / "containerd.sock"

    def write(self) -> None:
        """Write them all."""
        (self.folder / "cni").mkdir()
        (self.folder / "pod-logs").mkdir()
        (self.folder / "containerd.toml").write_text(self._containerd())
        (self.folder / "cni" / "10-lab.conflist").write_text(json.dumps(self._network()))
        (self.folder / "kubelet.json").write_text(json.dumps(self._kubelet()))
        (self.folder / "proxy.json").write_text(json.dumps(self._proxy()))
        (self.folder / "Corefile").write_text(self._dns())

    def noted_networks(self) -> list[Path]:
        """What CNI noted of this node's pods, each under the id of one."""
        pods = {note.name.split("-")[1] for note in NETWORKS.glob("lab-*") if self._ours(note)}
        return [note for note in NETWORKS.glob("*") if any(pod in note.name for pod in pods)]

    def forget_networks(self) -> None:
        """Delete those notes."""
        for note in self.noted_networks():
            note.unlink()

    def _ours(self, note: Path) -> bool:
        # A note names the pod's network namespace, which lies below the folder.
        return str(self.folder) in note.read_text()

    def _containerd(self) -> str:
        # The machine may not lower its own chance of being killed for memory, and every container
        # would fail at it. Network namespaces are mounts below the folder, for `stop` to find.
        return f"""version = 2
root = "{self.folder}/containers"
state = "{self.folder}/container-states"
[grpc]
  address = "{self.socket}"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  sandbox_image = "{PAUSE}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{self.folder}/cni"
"""

    def _network(self) -> dict[str, Any]:
        addresses = {"type": "host-local", "dataDir": str(self.folder / "addresses")}
        return {
            "cniVersion": "0.4.0",
            "name": "lab",
            "plugins": [
                {
                    "type": "bridge",
                    "bridge": self.bridge,
                    "isGateway": True,
                    "ipMasq": True,
                    "hairpinMode": True,
                    "ipam": {
                        **addresses,
                        "ranges": [[{"subnet": PODS}]],
                        "routes": [{"dst": "0.0.0.0/0"}],
                    },
                },
                {"type": "portmap", "capabilities": {"portMappings": True}},
            ],
        }

    def _kubelet(self) -> dict[str, Any]:
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": "127.0.0.1",
            "port": self.kubelet_port,
            "healthzBindAddress": "127.0.0.1",
            "healthzPort": self.ports[0],
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            "cgroupDriver": "cgroupfs",
            "failCgroupV1": False,
            "failSwapOn": False,
            "enforceNodeAllocatable": ["none"],
            "oomScoreAdj": 0,
            "containerRuntimeEndpoint": f"unix://{self.socket}",
            "imageServiceEndpoint": f"unix://{self.socket}",
            "clusterDNS": [SERVICES_DNS],
            "clusterDomain": DOMAIN,
            "resolvConf": "",
            "evictionHard": {
                "memory.available": "100Mi",
                "nodefs.available": "1%",
                "imagefs.available": "1%",
            },
            "imageGCHighThresholdPercent": 100,
            "podLogsDir": str(self.folder / "pod-logs"),
        }

    def _proxy(self) -> dict[str, Any]:
        return {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "clientConnection": {"kubeconfig": str(self.kubeconfig)},
            "mode": "iptables",
            "clusterCIDR": PODS,
            "hostnameOverride": NODE,
            "healthzBindAddress": f"127.0.0.1:{self.ports[1]}",
            "metricsBindAddress": f"127.0.0.1:{self.ports[2]}",
            "conntrack": {"maxPerCore": 0},
            "nodePortAddresses": ["127.0.0.0/8"],
            "iptables": {"localhostNodePorts": True},
        }

    def _dns(self) -> str:
        return f"""{DOMAIN}:{self.dns_port} {{
 bind 127.0.0.1
 errors
 kubernetes {DOMAIN} {{
  kubeconfig {self.kubeconfig} lab
 }}
}}
"""
