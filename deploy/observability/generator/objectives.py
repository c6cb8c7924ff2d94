"""The three objectives: recorded rates for each window, and alerts on how fast a budget burns.

Windows and factors are those of the SRE workbook for a budget of 30 days
(docs/adr/0022-objectives-and-burn-rates.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy.observability.generator.expressions import COMMANDS

Json = dict[str, Any]

FEWEST = 5
"""Fewer failures than this in the long window are no trend, however large their share."""


@dataclass(frozen=True, slots=True)
class Burn:
    """A budget of 30 days burns so many times too fast over a long window, and still does."""

    long: str
    short: str
    factor: float


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon somebody has to look, and which burns call for it."""

    suffix: str
    severity: str
    burns: tuple[Burn, Burn]
    spent: str
    spent_en: str


URGENCIES = (
    Urgency(
        "",
        "critical",
        (Burn("1h", "5m", 14.4), Burn("6h", "30m", 6)),
        "Dengan laju ini anggaran 30 hari habis dalam beberapa hari.",
        "At this rate the budget of 30 days is spent within days.",
    ),
    Urgency(
        "Slowly",
        "warning",
        (Burn("1d", "2h", 3), Burn("3d", "6h", 1)),
        "Dengan laju ini anggaran 30 hari habis sebelum waktunya.",
        "At this rate the budget of 30 days is spent before its time.",
    ),
)
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")


@dataclass(frozen=True, slots=True)
class Objective:
    """A share of `all_` that may be `bad` in 30 days; both are rates with a `{window}`."""

    alert: str
    record: str
    budget: str
    bad: str
    all_: str
    summary: str
    summary_en: str


OBJECTIVES = (
    Objective(
        "KentonganCommandsFailing",
        "kentongan:commands_failed",
        "0.001",
        f'kentongan_http_requests_total{{{COMMANDS}, status=~"5.."}}',
        f"kentongan_http_requests_total{{{COMMANDS}}}",
        "Terlalu banyak perintah kepada {{ $labels.service }} tidak terjawab (5xx).",
        "Too many commands to {{ $labels.service }} are not answered (5xx).",
    ),
    Objective(
        "KentonganEventsLate",
        "kentongan:events_late",
        "0.01",
        "",
        "kentongan_event_visible_seconds_count",
        "Terlalu banyak peristiwa terlihat di {{ $labels.service }} setelah lebih dari 5 detik.",
        "Too many events become visible in {{ $labels.service }} after more than 5 seconds.",
    ),
    Objective(
        "KentonganDeliveriesLate",
        "kentongan:deliveries_late",
        "0.05",
        'kentongan_deliveries_arrived_total{punctuality="late"}',
        "kentongan_deliveries_arrived_total",
        "Terlalu banyak kiriman {{ $labels.service }} sampai setelah waktu yang dijanjikan.",
        "Too many deliveries of {{ $labels.service }} arrive after the promised time.",
    ),
)
IN_TIME = 'kentongan_event_visible_seconds_bucket{le="5.0"}'
"""Events count as late by what this bucket leaves out of all."""


def rules() -> Json:
    """The content of rules/objectives.yaml."""
    groups: list[Json] = []
    for objective in OBJECTIVES:
        name = objective.record.replace(":", "-").replace("_", "-")
        groups.append({"name": name, "rules": [*_recorded(objective), *_alerts(objective)]})
    return {"groups": groups}


def _recorded(objective: Objective) -> Iterator[Json]:
    for window in WINDOWS:
        yield {
            "record": f"{objective.record}:ratio_rate{window}",
            "expr": f"{_bad(objective, 'rate', window)}\n"
            f"/ ({_sum('rate', objective.all_, window)} > 0)",
        }
    for window in WINDOWS:
        if any(burn.long == window for urgency in URGENCIES for burn in urgency.burns):
            yield {
                "record": f"{objective.record}:increase{window}",
                "expr": _bad(objective, "increase", window),
            }


def _bad(objective: Objective, function: str, window: str) -> str:
    all_ = _sum(function, objective.all_, window)
    if not objective.bad:
        return f"({all_}\n- {_sum(function, IN_TIME, window)})"
    # Without a single failure there is no series of failures, and still a share: zero.
    return f"({_sum(function, objective.bad, window)}\nor 0 * {all_})"


def _sum(function: str, metric: str, window: str) -> str:
    return f"sum by (service) ({function}({metric}[{window}]))"


def _alerts(objective: Objective) -> Iterator[Json]:
    for urgency in URGENCIES:
        yield {
            "alert": objective.alert + urgency.suffix,
            "expr": "\nor\n".join(_burning(objective, burn) for burn in urgency.burns),
            "labels": {"severity": urgency.severity},
            "annotations": {
                "summary": objective.summary,
                "summary_en": objective.summary_en,
                "description": urgency.spent,
                "description_en": urgency.spent_en,
                "runbook_url": f"docs/operations.md#{(objective.alert + urgency.suffix).lower()}",
            },
        }


def _burning(objective: Objective, burn: Burn) -> str:
    limit = f"{burn.factor:g} * {objective.budget}"
    return (
        f"({objective.record}:ratio_rate{burn.long} > {limit}\n"
        f" and {objective.record}:ratio_rate{burn.short} > {limit}\n"
        f" and {objective.record}:increase{burn.long} >= {FEWEST})"
    )
