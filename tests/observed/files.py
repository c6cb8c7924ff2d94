"""What deploy/observability holds, read as data: rules, their tests, dashboards and queries."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "observability"
RULES = sorted((FOLDER / "rules").glob("*.yaml"))
RULE_TESTS = sorted((FOLDER / "rule-tests").glob("*.yaml"))
DASHBOARDS = sorted((FOLDER / "dashboards").glob("*.json"))
_SELECTOR = re.compile(r"\b((?:kentongan|process|up)[a-z_:0-9]*)(\{[^}]*\})?(?![a-z_:(])")


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a dashboard, and where it stands."""

    dashboard: str
    panel: str
    expression: str

    def __str__(self) -> str:
        return f"{self.dashboard}: {self.panel}"


def program(name: str) -> str:
    """The path of a program of Prometheus's packages; the test is skipped where it is missing."""
    found = shutil.which(name)
    if found is None:
        missing = f"{name} is not on this machine's PATH"
        if os.environ.get("KENTONGAN_TEST_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def rules() -> list[dict[str, Any]]:
    """Every rule of every file."""
    return [
        rule
        for path in RULES
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    ]


def alerts() -> dict[str, dict[str, Any]]:
    """The alerting rules by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def dashboards() -> dict[str, dict[str, Any]]:
    """The dashboards by their files' names."""
    return {path.stem: json.loads(path.read_text()) for path in DASHBOARDS}


def asked() -> Iterator[Asked]:
    """Every query that a dashboard makes, its annotations included."""
    for name, dashboard in dashboards().items():
        for annotation in dashboard["annotations"]["list"]:
            yield Asked(name, annotation["name"], annotation["expr"])
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                yield Asked(name, panel["title"], target["expr"])


def selectors(expression: str) -> set[str]:
    """The series that an expression asks for, each with its matchers."""
    return {name + (matchers or "") for name, matchers in _SELECTOR.findall(expression)}


def filled_in(expression: str, *, service: str, interval: str = "15s") -> str:
    """The expression as Grafana would send it."""
    return expression.replace("$service", service).replace("$__rate_interval", interval)
