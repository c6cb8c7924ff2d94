"""A rule's source can be looked up: every tag in the code stands in `docs/sources.md`."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TAG = re.compile(r"\[((?:S\d|P)(?:, ?(?:S\d|P))*)\]")


def tags(text: str) -> set[str]:
    return {tag.strip() for found in TAG.findall(text) for tag in found.split(",")}


def test_every_tag_in_the_code_has_its_entry() -> None:
    page = (ROOT / "docs" / "sources.md").read_text()
    entries = {tag for line in page.splitlines() if line.startswith("| [") for tag in tags(line)}
    used = {
        tag
        for folder in ("services", "shared")
        for file in (ROOT / folder).rglob("*.py")
        for tag in tags(file.read_text())
    }
    assert used
    assert used <= entries
