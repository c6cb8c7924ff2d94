"""Every relative link in the pages leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("docs", "services", "shared", "tests", "deploy")
PAGES = [
    path
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "services/**/*.md",
        "shared/**/*.md",
        "tests/**/*.md",
        "deploy/**/*.md",
    )
    for path in sorted(ROOT.glob(pattern))
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    relative = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in relative if not (page.parent / link).exists()] == []
