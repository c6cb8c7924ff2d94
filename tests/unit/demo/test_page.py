"""The page stands alone, speaks both languages, and says the truth about a bad verdict."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from kentongan.demo.clients.delays import Delays
from kentongan.demo.page import render_page
from kentongan.demo.page.charts.ranking import contributions
from kentongan.demo.page.words import decimal
from tests.unit.demo.sample_outreach import CONTEST
from tests.unit.demo.sample_season import LOST, sample_season

CHARTS = {
    *("coverage", "districts", "universities", "balance", "delay", "flow", "clock"),
    *("reach", "ranking", "tally"),
}
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """The page as a reader finds it: elements well nested, texts by language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.charts: set[str] = set()
        self.languages = {"id": 0, "en": 0}
        self.addresses: list[str] = []
        self.labels: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.charts.add(found.get("data-chart") or "")
        self.addresses += [found[name] or "" for name in ("href", "src") if name in found]
        self.labels += (found.get("aria-labelledby") or "").split()
        self.ids.append(found.get("id") or "")
        for language in self.languages:
            self.languages[language] += language in (found.get("class") or "").split()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("code", ["36.71", "18.72", "35.74", "32.76"])
@pytest.mark.parametrize("quick", [False, True])
def test_the_page_is_whole_for_every_city(code: str, quick: bool) -> None:
    page = Page(render_page(sample_season(code, quick=quick)))
    assert page.open == []
    assert page.charts - {""} == CHARTS
    assert page.languages["id"] == page.languages["en"] > 100
    assert set(page.labels) <= set(page.ids)


def test_nothing_is_fetched_from_anywhere() -> None:
    text = render_page(sample_season())
    assert all(address.startswith("#") for address in Page(text).addresses)
    assert not re.search(r"https?://|@import|url\((?!#)", text)
    assert "default-src 'none'" in text


def test_what_services_say_is_text_and_never_markup() -> None:
    text = render_page(sample_season())
    assert "<KIM>" not in text
    assert "&lt;KIM&gt; &amp; kawan" in text
    assert "<imunisasi>" not in text
    assert "Jadwal &lt;imunisasi&gt;" in text


def test_a_bad_verdict_is_shown_as_one_with_its_findings() -> None:
    good, bad = render_page(sample_season()), render_page(sample_season(findings=(LOST,)))
    assert "Cocok semua" in good
    assert "Cocok semua" not in bad
    assert "Ada yang tidak cocok" in bad
    assert LOST.detail in bad


def test_a_quick_run_says_so() -> None:
    assert "sepersepuluh" in render_page(sample_season(quick=True))
    assert "sepersepuluh" not in render_page(sample_season())


def test_a_content_that_was_retracted_and_a_shared_rank_are_told() -> None:
    text = render_page(sample_season())
    assert "ditarik" in text
    assert "2 (seri)" in text
    assert "Pilihan warga" in text


def test_a_total_is_the_sum_of_what_its_criteria_add() -> None:
    for place in CONTEST.ranking:
        stage = CONTEST.stages[place.reached - 1]
        adds = sum(share for _name, share in contributions(place, stage))
        assert adds == pytest.approx(place.total, abs=0.05)


def test_an_empty_sample_leaves_a_page() -> None:
    assert Page(render_page(replace(sample_season(), delays=Delays(())))).open == []


def test_figures_are_written_as_each_language_writes_them() -> None:
    assert decimal(1234.5, 1) == "1.234,5"
    assert "1.580" in render_page(sample_season())
    assert "1,580" in render_page(sample_season())


def test_percentiles_are_of_the_sample_itself() -> None:
    delays = Delays(tuple(float(number) for number in range(1, 101)))
    assert [delays.percentile(percent) for percent in (50, 95, 99)] == [50, 95, 99]
    assert Delays((7.0,)).percentile(99) == 7.0
