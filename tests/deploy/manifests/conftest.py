"""Tools and a real API server for the tests of manifests; what is left out says why."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.generate.tools import ToolMissing, find
from tests.deploy.lab.kubernetes.control_plane import ControlPlane

ROOT = Path(__file__).resolve().parents[3]
CRDS = Path(os.environ.get("KENTONGAN_CRDS") or ROOT.parent / "shared" / "crds")
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"


def left_out(why: str) -> None:
    """Skip with a reason, or fail where everything has to run (KENTONGAN_DEPLOY_REQUIRE_ALL=1)."""
    if os.environ.get("KENTONGAN_DEPLOY_REQUIRE_ALL") == "1":
        pytest.fail(why)
    pytest.skip(why)


def tool(name: str) -> Path:
    """A command's path, or the test is left out."""
    try:
        return find(name)
    except ToolMissing as missing:
        left_out(str(missing))
        raise


@pytest.fixture(scope="session")
def helm() -> Path:
    return tool("helm")


@pytest.fixture(scope="session")
def api_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """With a namespace `kentongan` that admits restricted pods alone."""
    for name in ("etcd", "kube-apiserver", "kubectl"):
        tool(name)
    plane = ControlPlane(tmp_path_factory.mktemp("control-plane"))
    try:
        plane.start()
        for namespace in ("kentongan", "kim"):
            plane.must("create", "namespace", namespace)
            plane.must("label", "namespace", namespace, RESTRICTED)
            # A bare pod is admitted only where its account is there already.
            plane.must("-n", namespace, "create", "serviceaccount", "kentongan")
        yield plane
    finally:
        plane.stop()


@pytest.fixture(scope="session")
def with_operators(api_server: ControlPlane) -> ControlPlane:
    """Beside it the operators' definitions; data beside the checkout, not part of the project."""
    definitions = sorted(CRDS.glob("*.yaml"))
    if not definitions:
        # Not the tools' lack but data that isn't the project's: left out wherever it isn't there.
        pytest.skip(f"custom resource definitions: none in {CRDS} (KENTONGAN_CRDS names a folder)")
    for path in definitions:
        api_server.must("apply", "--server-side", "-f", str(path))
    api_server.must("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
    return api_server
