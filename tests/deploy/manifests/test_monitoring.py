"""What rules and dashboards ask of whoever scrapes, the chart's PodMonitor gives."""

import re

import pytest

from tests.deploy.manifests.rendering import BASE, OPERATORS, documents, of_kind
from tests.observed.files import rules

pytestmark = pytest.mark.usefixtures("helm")
OF_TARGETS = ("job", "role", "instance")
"""Labels that no metric of the product bears by itself."""


def test_a_scraped_pod_has_the_labels_that_the_rules_ask_for() -> None:
    [monitor] = of_kind(documents(values=(BASE, OPERATORS)), "PodMonitor").values()
    [endpoint] = monitor["spec"]["podMetricsEndpoints"]
    given = {one["targetLabel"]: one.get("replacement") for one in endpoint["relabelings"]}
    expressions = " ".join(rule["expr"] for rule in rules())
    asked = {name for name in OF_TARGETS if re.search(rf"\b{name}\b", expressions)}
    assert asked <= set(given)
    assert set(re.findall(r'job="([^"]*)"', expressions)) == {given["job"]}
    assert "service" not in given
