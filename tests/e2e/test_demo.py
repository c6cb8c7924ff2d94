"""The demo as a person runs it: one command, a verdict, and a page in a real browser."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

SECONDS = 280
CHARTS = {
    *("coverage", "districts", "universities", "balance", "delay", "flow", "clock"),
    *("reach", "ranking", "tally"),
}
NETWORK = ("http://", "https://", "ws://", "wss://", "ftp://")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a quick season, once the command has ended well."""
    path = tmp_path_factory.mktemp("demo") / "season.html"
    arguments = ("demo", "--quick", "--seed", "20260922", "--page", str(path))
    command = [sys.executable, "-m", "kentongan", *arguments]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, check=False, cwd=path.parent
    )
    output = ended.stdout + ended.stderr
    assert ended.returncode == 0, output
    assert "Cocok semua" in output
    for shown in (
        *("seat-taken", "board-member-is-civil-servant", "registry.kims", "p99"),
        *(
            "Pemadaman listrik",
            "ditarik",
            "Lomba Kampung Digital",
            "Pilihan warga",
            "scoring.votes",
        ),
        *("already-voted-today", "stage-closed", "campaign-over", "kind-for-city-only"),
    ):
        assert shown in output, shown
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        missing = "chromium and chromedriver are not on this machine's PATH"
        if os.environ.get("KENTONGAN_TEST_REQUIRE_ALL") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    options = ChromeOptions()
    options.binary_location = program
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    chrome = Chrome(options=options, service=Service(driver))
    try:
        yield chrome
    finally:
        chrome.quit()


def shown_charts(browser: Chrome) -> set[str]:
    """The charts that can be seen, each with a size and more than a frame drawn in it."""
    charts = browser.find_elements(By.CSS_SELECTOR, "[data-chart]")
    return {
        chart.get_attribute("data-chart") or ""
        for chart in charts
        if chart.is_displayed()
        and chart.find_element(By.TAG_NAME, "svg").size["height"] > 60
        and len(chart.find_elements(By.CSS_SELECTOR, "rect, path")) > 3
    }


def asked_for(browser: Chrome) -> list[str]:
    """Every address that the page asked for."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]


@pytest.mark.timeout(SECONDS + 60)
def test_the_page_of_a_season(page: Path, browser: Chrome) -> None:
    browser.get(page.as_uri())
    heading = browser.find_element(By.TAG_NAME, "h1")
    assert heading.text == "Satu musim KIM di Kota Tangerang"
    assert shown_charts(browser) == CHARTS

    browser.find_element(By.CSS_SELECTOR, "[data-choose=en]").click()
    assert heading.text == "A season of KIM in Kota Tangerang"
    assert browser.title.startswith("A season of KIM")
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"
    visible = browser.find_element(By.TAG_NAME, "body").text
    assert "All is consistent" in visible
    assert "Cocok semua" not in visible

    browser.find_element(By.CSS_SELECTOR, "[data-choose=id]").click()
    assert heading.text == "Satu musim KIM di Kota Tangerang"

    phone = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    assert shown_charts(browser) == CHARTS
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360

    requests = asked_for(browser)
    assert page.as_uri() in requests
    assert not [address for address in requests if address.startswith(NETWORK)]
    severe = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == []
