"""The rules by themselves: valid, tried by promtool, documented, and told in two languages."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.observed.files import FOLDER, ROOT, RULE_TESTS, RULES, alerts, program

PAGE = ROOT / "docs" / "operations.md"
SECTION = "Alerts"
SEVERITIES = {"critical", "warning", "info"}
RUNBOOK = ("Meaning", "Impact", "Diagnosis", "Mitigation")


def test_rules_are_valid() -> None:
    checked = run(program("promtool"), "check", "rules", *map(str, RULES))
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_rules_do_as_their_tests_say(path: Path) -> None:
    tested = run(program("promtool"), "test", "rules", str(path))
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("alert", alerts())
def test_every_alert_is_tried_silent_and_firing(alert: str) -> None:
    cases = [
        bool(case["exp_alerts"])
        for path in RULE_TESTS
        for group in yaml.safe_load(path.read_text())["tests"]
        for case in group["alert_rule_test"]
        if case["alertname"] == alert
    ]
    assert {*cases} == {True, False}


@pytest.mark.parametrize("alert", alerts())
def test_every_alert_speaks_two_languages_and_names_its_section(alert: str) -> None:
    rule = alerts()[alert]
    told = rule["annotations"]
    assert rule["labels"].keys() == {"severity"} and rule["labels"]["severity"] in SEVERITIES
    assert told["summary"] and told["summary_en"] and told["summary"] != told["summary_en"]
    assert ("description" in told) == ("description_en" in told)
    assert told["runbook_url"] == f"docs/operations.md#{alert.lower()}"


def test_every_alert_has_a_runbook_and_no_runbook_is_left_over() -> None:
    section = PAGE.read_text().split(f"\n## {SECTION}\n", 1)[1].split("\n## ", 1)[0]
    written = dict(re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", section, re.MULTILINE | re.DOTALL))
    assert [*written] == sorted(alerts())
    for alert, text in written.items():
        for part in RUNBOOK:
            assert f"**{part}**" in text, f"{alert} lacks {part}"
    headings = {anchor(one) for one in re.findall(r"^#+ (.+)$", PAGE.read_text(), re.MULTILINE)}
    assert {*re.findall(r"\]\(#([^)]+)\)", section)} <= headings


def anchor(heading: str) -> str:
    """As GitHub and GitLab make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("alert", alerts())
def test_nobody_is_woken_by_a_moment(alert: str) -> None:
    """Either it has lasted for a minute, or it is measured over minutes."""
    rule = alerts()[alert]
    lasting = re.fullmatch(r"(\d+)m", rule.get("for", ""))
    windows = re.findall(r"\[(\d+)[mhd]\]|:(?:ratio_rate|increase)\d+[mhd]", rule["expr"])
    assert (lasting and int(lasting[1]) >= 1) or windows


def test_a_threshold_of_sixty_or_more_is_a_time() -> None:
    """What `shortened.py` relies on."""
    for alert, rule in alerts().items():
        for number in re.findall(r"> (\d{2,})(?!\S)", rule["expr"]):
            timed = "_seconds" in rule["expr"] or "rate(" in rule["expr"]
            assert int(number) < 60 or timed, alert


def test_configurations_are_valid() -> None:
    for command in (
        (program("promtool"), "check", "config", str(FOLDER / "prometheus" / "prometheus.yml")),
        (program("amtool"), "check-config", str(FOLDER / "alertmanager" / "alertmanager.yml")),
    ):
        checked = run(*command)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_process_of_compose_is_scraped() -> None:
    composed = yaml.safe_load((ROOT / "deploy" / "compose" / "compose.yaml").read_text())
    roles = "api|worker|consumer|relay|courier"
    processes = {name for name in composed["services"] if re.fullmatch(rf"[a-z]+-({roles})", name)}
    settings = yaml.safe_load((FOLDER / "prometheus" / "prometheus.yml").read_text())
    scraped = {
        name
        for job in settings["scrape_configs"]
        for discovery in job.get("dns_sd_configs", ())
        for name in discovery["names"]
    }
    assert scraped == processes


def test_inhibitions_name_alerts_that_exist() -> None:
    settings = yaml.safe_load((FOLDER / "alertmanager" / "alertmanager.yml").read_text())
    for inhibition in settings["inhibit_rules"]:
        for matcher in (*inhibition["source_matchers"], *inhibition["target_matchers"]):
            pattern = re.fullmatch(r'alertname=~?"(.+)"', matcher)
            assert pattern is not None, matcher
            for name in pattern[1].split("|"):
                assert any(re.fullmatch(name, alert) for alert in alerts()), name


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
