"""The dashboards by themselves: fresh, well made, in two languages, and every query is PromQL."""

import re
import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

import kentongan.observability.metrics  # noqa: F401 - they are made when it is read
from deploy.observability.generator.__main__ import generated
from tests.observed.files import (
    ROOT,
    asked,
    dashboards,
    filled_in,
    program,
    rules,
    selectors,
)

UNITS = {"reqps", "ops", "s", "percentunit", "short", "none", "bytes"}
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
ONE_LANGUAGE = {"CPU", "Outbox"}
"""The same word in both."""
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
OF_THE_RUNTIME = re.compile(r"process_(cpu_seconds_total|resident_memory_bytes|start_time_seconds)")


def test_what_is_generated_is_fresh() -> None:
    stale = [str(path) for path, text in generated().items() if path.read_text() != text]
    assert stale == [], "make generate"


@pytest.mark.parametrize("name", dashboards())
def test_a_dashboard_is_well_made(name: str) -> None:
    dashboard = dashboards()[name]
    assert dashboard["uid"] == name
    assert bilingual(dashboard["title"].removeprefix("Kentongan: "))
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert ids == [*range(1, len(ids) + 1)]
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    for panel in dashboard["panels"]:
        assert bilingual(panel["title"]), panel["title"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
        if panel["type"] != "row":
            well_made(panel, variables.keys())
    for one, other in combinations(dashboard["panels"], 2):
        assert not overlap(one["gridPos"], other["gridPos"]), (one["title"], other["title"])


def test_names_and_titles_are_used_once() -> None:
    for name, dashboard in dashboards().items():
        titles = [panel["title"] for panel in dashboard["panels"]]
        assert len({*titles}) == len(titles), name


def test_no_query_names_a_city_a_process_or_a_prefix() -> None:
    for query in asked():
        matched = re.findall(r'\b(instance|job|namespace|pod)\s*[=!]~?\s*"', query.expression)
        assert not matched, query
        assert not re.search(r'topic="', query.expression), query


def test_every_query_is_promql(tmp_path: Path) -> None:
    expressions = sorted({filled_in(each.expression, service="registry") for each in asked()})
    recorded = [{"record": f"q{n}", "expr": text} for n, text in enumerate(expressions)]
    path = tmp_path / "queries.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": recorded}]}))
    command = (program("promtool"), "check", "rules", str(path))
    checked = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stderr


def test_every_series_that_is_asked_for_is_shown_by_somebody() -> None:
    """By the product, by its runtime, or by a rule that records it."""
    known = {name for family in REGISTRY.collect() for name in names_of(family)}
    known |= {rule["record"] for rule in rules() if "record" in rule} | {"up"}
    for expression in (*(each.expression for each in asked()), *(rule["expr"] for rule in rules())):
        for selector in selectors(expression):
            name = selector.partition("{")[0]
            assert name in known or OF_THE_RUNTIME.fullmatch(name), f"{name} in {expression}"


def test_every_metric_is_on_a_dashboard_or_in_an_alert() -> None:
    used = " ".join([*(each.expression for each in asked()), *(rule["expr"] for rule in rules())])
    page = (ROOT / "docs" / "operations.md").read_text()
    section = page.split("\n## Metrics\n", 1)[1].split("\n## ", 1)[0]
    for name in re.findall(r"^\| `([^`]+)`", section, re.MULTILINE):
        assert name in used, f"{name} is measured, and nobody looks at it"


def names_of(family: Any) -> set[str]:
    if not family.name.startswith("kentongan_"):
        return set()
    return {family.name + suffix for suffix in SUFFIXES[family.type]}


def bilingual(title: str) -> bool:
    first, _, second = title.partition(" / ")
    return title in ONE_LANGUAGE or bool(first and second and first != second)


def well_made(panel: dict[str, Any], variables: Any) -> None:
    assert panel["datasource"] == DATASOURCE
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS
    references = [target["refId"] for target in panel["targets"]]
    assert references and len({*references}) == len(references)
    for target in panel["targets"]:
        assert target["datasource"] == DATASOURCE
        used = {*re.findall(r"\$(\w+)", target["expr"])} - {"__rate_interval"}
        assert used <= {*variables}, target["expr"]
        if len(panel["targets"]) > 1:
            assert target["legendFormat"] != "__auto", panel["title"]


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    apart = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not beside and not apart
