"""Images from an engine, a node that runs them, a city on it; at the end the host is as before."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.generate.tools import ToolMissing, find
from tests.deploy.cluster.city import City, free_gigabytes
from tests.deploy.cluster.issuer import Issuer
from tests.deploy.lab.kubernetes import cgroups
from tests.deploy.lab.kubernetes.host_state import mounts_below, rules_of, uninterrupted
from tests.deploy.lab.kubernetes.images import archive, engine
from tests.deploy.lab.kubernetes.node import BRIDGE, Node

COMMANDS = ("kube-apiserver", "kubectl", "kube-controller-manager", "kube-scheduler", "kubelet")
COMMANDS += ("kube-proxy", "coredns", "helm", "etcd", "containerd", "ctr", "iptables", "conntrack")


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    """Ready to be rolled out to: Kafka, MongoDB, Secrets and the ways in are there."""
    _needed()
    with engine() as environment:
        images = archive(environment)
    # No folder of pytest's: another session of it may move those away, mounts and all.
    folder = Path(tempfile.mkdtemp(prefix="kentongan-cluster-"))
    node = Node(folder, images=[images])
    city = City(node, folder, Issuer(folder))
    before = _own_traces(node)
    try:
        with city.timed("node up"):
            node.start()
        with city.timed("Kafka and MongoDB up"):
            city.prepare()
        yield city
    finally:
        with uninterrupted(), city.timed("down"):
            node.stop()
        assert not set(_own_traces(node)) - set(before)
        shutil.rmtree(folder)
        assert {name: node.host.current(name) for name in node.host.settings} == node.host.settings


def _own_traces(node: Node) -> list[str]:
    """Whatever a node leaves on a host: rules, links, mounts, groups of processes, notes."""
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True).stdout
    return [
        *(
            rule
            for table in ("filter", "nat", "mangle")
            for rule in rules_of(table)
            if any(mark in rule for mark in ("KUBE-", "CNI-", BRIDGE))
        ),
        *(line for line in links.splitlines() if BRIDGE in line),
        *mounts_below(node.folder),
        *(str(group) for group in cgroups.groups()),
        *(str(note) for note in node.files.noted_networks()),
        *(str(pid) for pid in node.shims()),
    ]


def _needed() -> None:
    missing = []
    for name in COMMANDS:
        try:
            find(name)
        except ToolMissing as lacking:
            missing.append(str(lacking))
    if not Path("/usr/lib/cni/bridge").exists():
        missing.append(
            "apt-get install containernetworking-plugins conntrack etcd-server docker.io"
        )
    if os.geteuid() != 0:
        missing.append("root: a node needs namespaces, mounts and rules")
    if free_gigabytes(Path("/tmp")) < 6:
        missing.append("6 GiB of room in /tmp")
    if missing:
        why = "; ".join(missing)
        if os.environ.get("KENTONGAN_DEPLOY_REQUIRE_ALL") == "1":
            pytest.fail(why)
        pytest.skip(why)
