"""Renders the chart for a test, and finds what the test is about in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from deploy.generate.rendered import KUBERNETES, render

BASE = KUBERNETES / "values.yaml"
OPERATORS = KUBERNETES / "operators.yaml"
Document = dict[str, Any]


def documents(*more: str, values: tuple[Path, ...] = (BASE,)) -> list[Document]:
    """The chart's objects with these values; `more` are arguments of helm's, such as `--set`."""
    return [one for one in yaml.safe_load_all(render(values, *more)) if one]


def of_kind(found: list[Document], kind: str) -> dict[str, Document]:
    """The objects of one kind by name."""
    return {one["metadata"]["name"]: one for one in found if one["kind"] == kind}


def pods(found: list[Document]) -> Iterator[tuple[str, Document]]:
    """Every pod's spec, whatever makes the pod, with a name for messages."""
    for one in found:
        name = f"{one['kind']}/{one['metadata']['name']}"
        if one["kind"] == "Pod":
            yield name, one["spec"]
        elif template := one.get("spec", {}).get("template"):
            yield name, template["spec"]


def labels_of_pods(found: list[Document]) -> Iterator[tuple[str, dict[str, str]]]:
    """Every pod's labels, whatever makes the pod, with a name for messages."""
    for one in found:
        name = f"{one['kind']}/{one['metadata']['name']}"
        if one["kind"] == "Pod":
            yield name, one["metadata"]["labels"]
        elif template := one.get("spec", {}).get("template"):
            yield name, template["metadata"]["labels"]
