"""deploy/kubernetes: plain manifests, rendered from the chart and split by purpose."""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.generate.documents import CHART, DEPLOY, HEAD
from deploy.generate.tools import find

KUBERNETES = DEPLOY / "kubernetes"
VALUES = KUBERNETES / "values.yaml"
KUBE_VERSION = "1.36.3"
RELEASE = "kentongan"
FOLDERS = (KUBERNETES / "base", KUBERNETES / "prepare", KUBERNETES / "components")
COMPONENTS = {
    "keda.sh": "keda",
    "monitoring.coreos.com": "prometheus-operator",
    "kafka.strimzi.io": "strimzi",
    "gateway.networking.k8s.io": "gateway",
}


class RenderingFailed(RuntimeError):
    """Helm refused the chart or the values."""


def render(values: Iterable[Path | str], *more: str, namespace: str = RELEASE) -> str:
    """What `helm template` makes of the chart. Raises RenderingFailed, ToolMissing."""
    chosen = [argument for one in values for argument in ("--values", str(one))]
    command = [
        str(find("helm")),
        *("template", RELEASE, str(CHART), "--namespace", namespace),
        *("--kube-version", KUBE_VERSION, *chosen, *more),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RenderingFailed(done.stderr.strip())
    return done.stdout


def rendered() -> dict[Path, str]:
    """All files of deploy/kubernetes that are made from the chart."""
    base = _documents(render([VALUES]))
    plain = [one for one in base if not _hook(one)]
    files: dict[str, list[dict[str, Any]]] = {"base/shared.yaml": []}
    for one in plain:
        service = one["metadata"].get("labels", {}).get("app.kubernetes.io/component")
        files.setdefault(f"base/{service or 'shared'}.yaml", []).append(one)
    hooks = [one for one in base if _hook(one) and _hook(one) != "test"]
    files["prepare/jobs.yaml"] = sorted(hooks, key=_weight)
    written = {KUBERNETES / path: _text(documents) for path, documents in files.items()}
    for folder in ("base", "prepare"):
        names = sorted(path.name for path in written if path.parent.name == folder)
        written[KUBERNETES / folder / "kustomization.yaml"] = _kustomization(names)
    return {**written, **_components(base)}


def _components(base: list[dict[str, Any]]) -> dict[Path, str]:
    """What needs an operator's custom resources: each a kustomize component over the base."""
    known = {_identity(one) for one in base}
    everything = _documents(render([VALUES, KUBERNETES / "operators.yaml"]))
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in COMPONENTS.values()}
    for one in everything:
        group = one["apiVersion"].partition("/")[0]
        if group in COMPONENTS:
            found[COMPONENTS[group]].append(one)
        elif _identity(one) not in known:
            owner = "keda" if one["metadata"]["name"].endswith("-scaler") else "prometheus-operator"
            found[owner].append(one)
    files: dict[Path, str] = {}
    for name, documents in found.items():
        folder = KUBERNETES / "components" / name
        files[folder / "resources.yaml"] = _text(documents)
        files[folder / "kustomization.yaml"] = _kustomization(
            ["resources.yaml"], kind="Component", patches=_patches(name, documents)
        )
    return files


def _patches(component: str, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of the base gives way to the component."""
    if component == "keda":
        # The autoscaler rules the number: a number in the manifest would be set at each apply.
        return [
            {
                "target": {"kind": "Deployment", "name": one["spec"]["scaleTargetRef"]["name"]},
                "patch": "- {op: remove, path: /spec/replicas}\n",
            }
            for one in documents
            if one["kind"] == "ScaledObject"
        ]
    if component == "strimzi":
        # Strimzi reverts what others change: topics have one owner.
        job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": f"{RELEASE}-topics"}}
        return [
            {
                "target": {"kind": "Job", "name": f"{RELEASE}-topics"},
                "patch": yaml.safe_dump({**job, "$patch": "delete"}, sort_keys=False),
            }
        ]
    return []


def _kustomization(
    resources: list[str],
    *,
    kind: str = "Kustomization",
    patches: list[dict[str, Any]] | None = None,
) -> str:
    version = "v1beta1" if kind == "Kustomization" else "v1alpha1"
    document: dict[str, Any] = {
        "apiVersion": f"kustomize.config.k8s.io/{version}",
        "kind": kind,
        "resources": resources,
    }
    if patches:
        document["patches"] = patches
    return HEAD + yaml.safe_dump(document, sort_keys=False)


def _documents(text: str) -> list[dict[str, Any]]:
    return list(_without_chart(one for one in yaml.safe_load_all(text) if one))


def _without_chart(documents: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Plain manifests are nobody's release."""
    for one in documents:
        for labels in _labels(one):
            labels.pop("app.kubernetes.io/managed-by", None)
        yield one


def _labels(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "labels" and isinstance(value, dict):
                yield value
            else:
                yield from _labels(value)


def _hook(document: dict[str, Any]) -> str:
    return str(document["metadata"].get("annotations", {}).get("helm.sh/hook", ""))


def _weight(document: dict[str, Any]) -> int:
    return int(document["metadata"]["annotations"]["helm.sh/hook-weight"])


def _identity(document: dict[str, Any]) -> tuple[str, str]:
    return document["kind"], document["metadata"]["name"]


def _text(documents: list[dict[str, Any]]) -> str:
    return HEAD + yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True, width=200)
