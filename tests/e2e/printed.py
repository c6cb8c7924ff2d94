"""What a page prints, to be run as it stands."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def printed(page: str, heading: str, language: str) -> str:
    """The first block of this language under a heading of a page in `docs`."""
    text = (ROOT / "docs" / page).read_text()
    section = re.split(r"^## ", text.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.M)[0]
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    return blocks[0]
