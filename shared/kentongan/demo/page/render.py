"""Fills the page's template; nothing of it is fetched from anywhere."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kentongan.demo.page.charts.balance import balance_chart
from kentongan.demo.page.charts.clock import clock_chart
from kentongan.demo.page.charts.coverage import coverage_chart
from kentongan.demo.page.charts.delay import delay_chart
from kentongan.demo.page.charts.districts import districts_chart
from kentongan.demo.page.charts.flow import flow_chart
from kentongan.demo.page.charts.ranking import ranking_chart
from kentongan.demo.page.charts.reach import reach_chart
from kentongan.demo.page.charts.svg import SERIES
from kentongan.demo.page.charts.tally import tally_chart
from kentongan.demo.page.charts.topics import topics_chart
from kentongan.demo.page.charts.university import university_chart
from kentongan.demo.page.words import (
    CATEGORIES,
    CONTENT_KINDS,
    FINDINGS,
    MONTHS,
    RECOUNTS,
    TALLY_STATUS,
    decimal,
)
from kentongan.demo.summary import Season

WIDE, HALF, NARROW = 760.0, 470.0, 350.0


def write_page(season: Season, path: Path) -> None:
    """Write the page; an older one is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_page(season), encoding="utf-8")


def render_page(season: Season) -> str:
    """The page as HTML, complete in itself."""
    return (
        _environment()
        .get_template("template.html")
        .render(
            season=season,
            charts=_charts(season),
            categories=CATEGORIES,
            findings=FINDINGS,
            recounts=RECOUNTS,
            content_kinds=CONTENT_KINDS,
            tally_status=TALLY_STATUS,
            series=SERIES,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kentongan.demo.page", package_path="."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=bilingual, day=day, number=number)
    environment.filters.update(words=lambda text: bilingual(text.id, text.en))
    return environment


def bilingual(indonesian: Any, english: Any) -> Markup:
    """Both languages; the style shows the one chosen, or both where scripts don't run."""
    return Markup(
        '<span class="id" lang="id">{}</span><span class="en" lang="en">{}</span>'
    ).format(indonesian, english)


def day(value: date) -> Markup:
    """A date in words."""
    month = MONTHS[value.month - 1]
    return bilingual(f"{value.day} {month.id} {value.year}", f"{value.day} {month.en} {value.year}")


def number(value: float, digits: int = 0) -> Markup:
    """A figure with each language's own separators: 1.234,5 and 1,234.5."""
    return bilingual(decimal(value, digits), f"{value:,.{digits}f}")


def _charts(season: Season) -> dict[str, Markup]:
    """Each chart in a wide and a narrow drawing, so that letters stay legible on a phone."""
    charts: dict[str, Markup] = {}
    for size, width in (("wide", WIDE), ("narrow", NARROW)):
        half = HALF if size == "wide" else NARROW
        flow = flow_chart if size == "wide" else topics_chart
        drawn = {
            "coverage": coverage_chart(
                season.coverage, width=width, labelled_by="caption-coverage"
            ),
            "districts": districts_chart(
                season.circumstances.city_code,
                season.coverage,
                season.cells,
                columns=None if size == "wide" else 2,
                labelled_by="caption-districts",
            ),
            "universities": university_chart(
                season.universities, width=half, labelled_by="caption-universities"
            ),
            "balance": balance_chart(season.plans, width=half, labelled_by="caption-balance"),
            "reach": reach_chart(season.contents, width=width, labelled_by="caption-reach"),
            "ranking": ranking_chart(season.contest, width=width, labelled_by="caption-ranking"),
            "tally": tally_chart(season.campaigns[0], width=half, labelled_by="caption-tally"),
            "delay": delay_chart(season.delays, width=half, labelled_by="caption-delay"),
            "flow": flow(season.topics, width=width, labelled_by="caption-flow"),
            "clock": clock_chart(season.topics, width=half, labelled_by="caption-clock"),
        }
        for name, chart in drawn.items():
            charts.setdefault(name, Markup())
            charts[name] += Markup('<div class="{}" data-chart="{}">{}</div>').format(
                size, name, chart
            )
    return charts
