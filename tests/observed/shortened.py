"""The same rules in a hurry, for tests that wait for an alert: nothing but times is changed.

A minute is a few seconds, hours and days in proportion. A threshold of sixty or more is a time in
seconds (`test_rules.py` holds the rules to that) and shrinks to the same share.
"""

import re
from copy import deepcopy
from typing import Any

import yaml

from tests.observed.files import RULES

MINUTE = 4
"""Seconds that stand for a minute."""
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
_DURATION = re.compile(r"(?<=\[)(\d+)([mhd])(?=\])|(?<=offset )(\d+)([mhd])")
_THRESHOLD = re.compile(r"(?<=> )(\d{2,})(?!\S)")


def shortened() -> dict[str, Any]:
    """All groups of all rule files, with short times."""
    groups: list[dict[str, Any]] = []
    for path in RULES:
        groups += deepcopy(yaml.safe_load(path.read_text())["groups"])
    for rule in (rule for group in groups for rule in group["rules"]):
        rule["expr"] = _THRESHOLD.sub(_threshold, _DURATION.sub(_duration, rule["expr"]))
        if "for" in rule:
            rule["for"] = _in_seconds(rule["for"][:-1], rule["for"][-1])
    return {"groups": groups}


def _duration(found: re.Match[str]) -> str:
    number, unit = (found[1], found[2]) if found[1] else (found[3], found[4])
    return _in_seconds(number, unit)


def _in_seconds(number: str, unit: str) -> str:
    return f"{int(number) * _MINUTES[unit] * MINUTE}s"


def _threshold(found: re.Match[str]) -> str:
    seconds = int(found[1])
    return f"{seconds * MINUTE / 60:g}" if seconds >= 60 else found[1]
