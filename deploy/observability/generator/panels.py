"""A dashboard as Grafana 12 and 13 read it from a file, made from short descriptions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["timeseries", "stat", "table", "bargauge"]

SCHEMA_VERSION = 41
COLUMNS = 24
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
HEIGHTS: dict[Kind, int] = {"timeseries": 8, "stat": 4, "table": 8, "bargauge": 8}


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression and how its series are called."""

    expression: str
    legend: str = ""
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel shows, red from `limit` on, or below `at_least`.

    `explained` says in both languages what to read from it, and appears behind the panel's "i".
    """

    title: str
    queries: Sequence[Query]
    unit: str
    kind: Kind = "timeseries"
    width: int = 8
    explained: str = ""
    limit: float | None = None
    at_least: float | None = None
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A heading, and the panels under it from left to right."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of Grafana; its `uid` is also the name of its file."""

    uid: str
    title: str
    explained: str
    rows: Sequence[Row]
    variables: Sequence[Json] = field(default_factory=tuple)


def rendered(dashboard: Dashboard) -> Json:
    """The dashboard as JSON."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.explained,
        "tags": ["kentongan"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": [_ALERTS]},
        "links": [_OTHER_DASHBOARDS],
        "templating": {"list": [_DATASOURCE_VARIABLE, *dashboard.variables]},
        "panels": _placed(dashboard.rows),
    }


def choice_of(name: str, title: str, metric: str) -> Json:
    """A variable whose values are those of a label with the same name."""
    query = f"label_values({metric}, {name})"
    return {
        "name": name,
        "label": title,
        "type": "query",
        "datasource": DATASOURCE,
        "definition": query,
        "query": {"query": query, "refId": "Variable"},
        "refresh": 2,
        "sort": 1,
        "multi": False,
        "includeAll": False,
    }


def _placed(rows: Sequence[Row]) -> list[Json]:
    placed: list[Json] = []
    top = 0
    for row in rows:
        placed.append(_heading(row.title, len(placed) + 1, top))
        top += 1
        left, height = 0, 0
        for panel in row.panels:
            if left + panel.width > COLUMNS:
                left, top = 0, top + height
                height = 0
            at = {"x": left, "y": top, "w": panel.width, "h": HEIGHTS[panel.kind]}
            placed.append(_panel(panel, len(placed) + 1, at))
            left, height = left + panel.width, max(height, HEIGHTS[panel.kind])
        top += height
    return placed


def _heading(title: str, number: int, top: int) -> Json:
    at = {"x": 0, "y": top, "w": COLUMNS, "h": 1}
    return {"id": number, "type": "row", "title": title, "collapsed": False, "gridPos": at}


def _panel(panel: Panel, number: int, at: Json) -> Json:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.explained,
        "datasource": DATASOURCE,
        "gridPos": at,
        "fieldConfig": {"defaults": _defaults(panel), "overrides": []},
        "options": _options(panel),
        "targets": [_target(query, index, panel) for index, query in enumerate(panel.queries)],
    } | ({"transformations": _TIDY_TABLE} if panel.kind == "table" else {})


def _target(query: Query, index: int, panel: Panel) -> Json:
    instant = query.instant or panel.kind in ("table", "bargauge")
    return {
        "refId": "ABCDEFGH"[index],
        "datasource": DATASOURCE,
        "expr": query.expression,
        "legendFormat": query.legend or "__auto",
        "instant": instant,
        "range": not instant,
        "format": "table" if panel.kind == "table" else "time_series",
    }


def _defaults(panel: Panel) -> Json:
    defaults: Json = {"unit": panel.unit, "thresholds": _thresholds(panel)}
    # Nothing happens below zero, and a flat zero shall not look like a wave.
    defaults["min"] = 0
    if panel.kind == "timeseries":
        drawn: Json = {"fillOpacity": 10, "lineWidth": 1, "showPoints": "never"}
        if panel.limit is not None:
            drawn["thresholdsStyle"] = {"mode": "dashed"}
        if panel.stacked:
            drawn |= {"stacking": {"mode": "normal", "group": "A"}, "fillOpacity": 40}
        defaults["custom"] = drawn
    return defaults


def _thresholds(panel: Panel) -> Json:
    steps: list[Json] = [{"color": "green", "value": None}]
    if panel.at_least is not None:
        steps = [{"color": "red", "value": None}, {"color": "green", "value": panel.at_least}]
    elif panel.limit is not None:
        steps.append({"color": "red", "value": panel.limit})
    return {"mode": "absolute", "steps": steps}


def _options(panel: Panel) -> Json:
    last: Json = {"calcs": ["lastNotNull"], "fields": "", "values": False}
    match panel.kind:
        case "timeseries":
            return {
                "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
                "tooltip": {"mode": "multi", "sort": "desc"},
            }
        case "stat":
            return {"reduceOptions": last, "colorMode": "value", "graphMode": "area"}
        case "bargauge":
            return {"reduceOptions": last, "orientation": "horizontal", "displayMode": "basic"}
        case "table":
            return {"showHeader": True, "cellHeight": "sm"}


_DATASOURCE_VARIABLE: Json = {
    "name": "datasource",
    "label": "Sumber data / data source",
    "type": "datasource",
    "query": "prometheus",
    "refresh": 1,
    "multi": False,
    "includeAll": False,
}
_OTHER_DASHBOARDS: Json = {
    "title": "Kentongan",
    "type": "dashboards",
    "tags": ["kentongan"],
    "asDropdown": True,
    "includeVars": True,
    "keepTime": True,
}
_ALERTS: Json = {
    "name": "Peringatan / alerts",
    "datasource": DATASOURCE,
    "enable": True,
    "iconColor": "red",
    "expr": 'ALERTS{alertname=~"Kentongan.+", alertstate="firing", severity!="info"}',
    "titleFormat": "{{alertname}}",
    "textFormat": "{{service}}",
    "step": "60s",
}
_TIDY_TABLE: list[Json] = [
    {"id": "merge", "options": {}},
    {"id": "organize", "options": {"excludeByName": {"Time": True}}},
]
