"""What holds for every pod that the chart makes, whichever template it comes from."""

from typing import Any

import pytest

from deploy.generate import facts
from tests.deploy.manifests.rendering import (
    BASE,
    OPERATORS,
    Document,
    documents,
    of_kind,
    pods,
)

pytestmark = pytest.mark.usefixtures("helm")


@pytest.fixture(scope="module")
def base() -> list[Document]:
    return documents()


def test_one_deployment_for_each_service_and_role(base: list[Document]) -> None:
    wanted = {
        f"kentongan-{name}-{role}"
        for name, service in facts.services().items()
        for role in service["roles"]
    }
    assert set(of_kind(base, "Deployment")) == wanted
    assert set(of_kind(base, "PodDisruptionBudget")) == wanted


def test_every_pod_is_restricted_and_reads_no_links(base: list[Document]) -> None:
    found = dict(pods(base))
    assert len(found) > 20
    for name, pod in found.items():
        assert pod["enableServiceLinks"] is False, name
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["serviceAccountName"] in of_kind(base, "ServiceAccount"), name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] == 10001, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True, name
            assert security["capabilities"] == {"drop": ["ALL"]}, name
            assert security["allowPrivilegeEscalation"] is False, name
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]), name
            assert "cpu" not in container["resources"].get("limits", {}), name


def test_every_mount_has_its_volume_and_every_file_its_source(base: list[Document]) -> None:
    maps = of_kind(base, "ConfigMap")
    for name, pod in pods(base):
        volumes = {one["name"]: one for one in pod["volumes"]}
        files: set[str] = set()
        for container in pod["containers"]:
            for mount in container["volumeMounts"]:
                volume = volumes[mount["name"]]
                files |= {
                    f"{mount['mountPath']}/{item['path']}"
                    for source in volume.get("projected", {}).get("sources", ())
                    for kind in source.values()
                    for item in kind["items"]
                }
            named = {
                value
                for value in _environment(container, maps).values()
                if value.startswith("/run/kentongan")
            }
            assert named <= files, name
            assert files <= named, f"{name} mounts what nobody reads"


def test_no_secret_is_anything_but_a_reference(base: list[Document]) -> None:
    assert of_kind(base, "Secret") == {}
    for _, pod in pods(base):
        for container in pod["containers"]:
            names = set(_environment(container, of_kind(base, "ConfigMap")))
            told = {one for one in names if one.endswith(("_SECRET", "_PASSWORD", "_URI"))}
            assert told == set()


def test_an_orderly_end_fits_into_the_grace(base: list[Document]) -> None:
    maps = of_kind(base, "ConfigMap")
    for name, deployment in of_kind(base, "Deployment").items():
        pod = deployment["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        environment = _environment(container, maps)
        needed = (
            container["lifecycle"]["preStop"]["sleep"]["seconds"]
            + float(environment["KENTONGAN_HTTP_LAME_DUCK_SECONDS"])
            + float(environment["KENTONGAN_SHUTDOWN_SECONDS"])
        )
        assert pod["terminationGracePeriodSeconds"] > needed, name


def test_probes_ask_what_they_are_for(base: list[Document]) -> None:
    for deployment in of_kind(base, "Deployment").values():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        asked = {
            probe: container[f"{probe}Probe"]["httpGet"]["path"]
            for probe in ("startup", "readiness", "liveness")
        }
        assert asked == {
            "startup": "/health/live",
            "readiness": "/health/ready",
            "liveness": "/health/live",
        }
        assert container["readinessProbe"]["timeoutSeconds"] > 5


def test_a_number_of_replicas_stands_where_no_autoscaler_rules() -> None:
    everything = documents(values=(BASE, OPERATORS))
    ruled = {
        one["spec"]["scaleTargetRef"]["name"]
        for one in everything
        if one["kind"] in {"HorizontalPodAutoscaler", "ScaledObject"}
    }
    scalers = [
        one["spec"]["scaleTargetRef"]["name"]
        for one in everything
        if one["kind"] in {"HorizontalPodAutoscaler", "ScaledObject"}
    ]
    assert len(scalers) == len(ruled) == 4 + 4 + 1
    for name, deployment in of_kind(everything, "Deployment").items():
        assert ("replicas" in deployment["spec"]) != (name in ruled), name


def test_jobs_before_a_release_need_nothing_of_it(base: list[Document]) -> None:
    hooks = [one for one in base if "pre-install" in _hook(one)]
    there = {(one["kind"], one["metadata"]["name"]) for one in hooks}
    jobs = [one for one in hooks if one["kind"] == "Job"]
    assert {tuple(job["spec"]["template"]["spec"]["containers"][0]["args"]) for job in jobs} == {
        ("topics", "apply"),
        *(("storage", "apply", name) for name in facts.services()),
    }
    for job in jobs:
        pod = job["spec"]["template"]["spec"]
        assert ("ServiceAccount", pod["serviceAccountName"]) in there
        assert "envFrom" not in pod["containers"][0]
        for other in hooks:
            if other["kind"] != "Job":
                assert _weight(other) < _weight(job)
    assert _weight(of_kind(base, "Job")["kentongan-topics"]) < min(
        _weight(job) for job in jobs if job["metadata"]["name"] != "kentongan-topics"
    )


def test_a_digest_wins_over_the_tag_and_the_global_registry_over_the_images() -> None:
    digest = "sha256:" + "a" * 64
    found = documents(
        f"--set=image.tag=1.2.3,image.registry=one.example,image.digests.registry={digest}",
        "--set=global.imageRegistry=two.example",
    )
    images = {container["image"] for _, pod in pods(found) for container in pod["containers"]}
    assert images == {
        f"two.example/kentongan/registry@{digest}",
        "two.example/kentongan/placement:1.2.3",
        "two.example/kentongan/broadcast:1.2.3",
        "two.example/kentongan/scoring:1.2.3",
    }


def _environment(container: Document, maps: dict[str, Document]) -> dict[str, Any]:
    found = {one["name"]: one["value"] for one in container.get("env", ())}
    for source in container.get("envFrom", ()):
        found |= maps[source["configMapRef"]["name"]]["data"]
    return found


def _hook(document: Document) -> str:
    return str(document["metadata"].get("annotations", {}).get("helm.sh/hook", ""))


def _weight(document: Document) -> int:
    return int(document["metadata"]["annotations"]["helm.sh/hook-weight"])
