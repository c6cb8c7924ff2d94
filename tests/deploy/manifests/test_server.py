"""A real API server takes every manifest, strictly, and refuses what is wrong."""

import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.generate.rendered import KUBERNETES, render
from deploy.generate.tools import find
from tests.deploy.lab.kubernetes.control_plane import Answer, ControlPlane
from tests.deploy.manifests.rendering import BASE, OPERATORS, documents, of_kind

pytestmark = pytest.mark.usefixtures("helm")

EXAMPLES = KUBERNETES.parent / "helm" / "kentongan" / "examples"
ELSEWHERE = {"gateway.networking.k8s.io", "external-secrets.io", "argoproj.io"}
"""Groups whose definitions are not at hand: nobody can say here whether they are right."""
WOULD_VIOLATE = "Warning: would violate"


def taken(answer: Answer) -> None:
    assert answer.code == 0, answer.all
    assert WOULD_VIOLATE not in answer.all
    assert "serverside-applied" in answer.all


def without_unknown(manifests: str) -> str:
    known = [
        one
        for one in yaml.safe_load_all(manifests)
        if one and one["apiVersion"].partition("/")[0] not in ELSEWHERE
    ]
    return yaml.safe_dump_all(known)


def test_the_chart_without_any_operator(api_server: ControlPlane) -> None:
    taken(api_server.dry_run(render([BASE])))


def test_the_chart_with_an_ingress_and_every_choice(api_server: ControlPlane) -> None:
    choices = (
        "--set=exposure.kind=ingress,exposure.hosts.registry=registry.kota.example",
        "--set=exposure.ingress.className=nginx,exposure.ingress.tlsSecret=kota-tls",
        "--set=identity.provider=oidc,identity.issuer=https://masuk.kota.example",
        "--set=identity.keySet.configMap=keys,image.pullSecrets={images}",
        "--set=scheduling.priorityClassName=system-cluster-critical,scheduling.nodeSelector.zone=a",
        "--set=scheduling.tolerations[0].key=kim,scheduling.tolerations[0].operator=Exists",
        "--set=roles.consumer.strategy=Recreate,podLabels.team=kim,podAnnotations.note=a",
        "--set=services.broadcast.webhookAuthority.configMap=kota-authority",
        "--set=services.broadcast.settings.KENTONGAN_BROADCAST_ATTEMPTS=5",
        "--set=networkPolicy.internet.ports={443}",
    )
    taken(api_server.dry_run(render([BASE], *choices)))


def test_custom_resources(with_operators: ControlPlane) -> None:
    everything = render([BASE, OPERATORS])
    for kind in ("ScaledObject", "KafkaTopic", "KafkaUser", "PodMonitor", "TriggerAuthentication"):
        assert f"kind: {kind}" in everything
    taken(with_operators.dry_run(without_unknown(everything)))


@pytest.mark.parametrize("folder", ["prepare", "base"])
def test_rendered_manifests(api_server: ControlPlane, folder: str) -> None:
    taken(api_server.dry_run(kustomized(KUBERNETES / folder)))


def test_the_example_of_an_overlay(with_operators: ControlPlane) -> None:
    manifests = kustomized(KUBERNETES / "overlays" / "city")
    taken(with_operators.dry_run(without_unknown(manifests)))
    found = [one for one in yaml.safe_load_all(manifests) if one]
    assert "kentongan-topics" not in of_kind(found, "Job")
    ruled = {
        one["spec"]["scaleTargetRef"]["name"] for one in of_kind(found, "ScaledObject").values()
    }
    for name, deployment in of_kind(found, "Deployment").items():
        assert deployment["metadata"]["namespace"] == "kim"
        if name in ruled:
            assert "replicas" not in deployment["spec"]
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert container["image"].startswith("images.kota.example/kentongan/")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_examples(with_operators: ControlPlane, path: Path) -> None:
    if path.name.startswith("values-"):
        taken(with_operators.dry_run(without_unknown(render([path]))))
        return
    manifests = without_unknown(path.read_text("utf-8"))
    if not list(yaml.safe_load_all(manifests)):
        pytest.skip(f"{path.name}: its operator's definitions are not at hand")
    taken(with_operators.dry_run(manifests))


def kustomized(folder: Path) -> str:
    """What `kubectl kustomize` makes of a folder."""
    done = subprocess.run(
        [str(find("kubectl")), "kustomize", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_documents_to_refuse() -> None:
    assert len(documents()) > 40
