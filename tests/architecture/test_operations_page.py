"""docs/operations.md names every setting and every metric, and none that is not there."""

import re
from pathlib import Path

from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase

from kentongan.observability import metrics
from kentongan.process.host import ExitCode
from kentongan.process.service import find_service, service_names
from kentongan.settings.environment import variables_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()


def first_column(section: str) -> set[str]:
    body = PAGE.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)`", body, re.MULTILINE))


def test_settings() -> None:
    declared = {
        variable
        for name in service_names()
        for variable in variables_of(find_service(name).settings)
    }
    assert first_column("Settings") == declared


def test_metrics() -> None:
    declared = {
        f"{metric._name}_total" if isinstance(metric, Counter) else metric._name
        for metric in vars(metrics).values()
        if isinstance(metric, MetricWrapperBase)
    }
    assert first_column("Metrics") == declared


def test_exit_codes() -> None:
    wrong_settings = 2
    assert first_column("Exit codes") == {str(int(code)) for code in (*ExitCode, wrong_settings)}
