"""`python -m kentongan.contracts generate|check|freeze`: what `make` runs on the contracts."""

import argparse
import sys
from pathlib import Path

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.documents.asyncapi import asyncapi_yaml
from kentongan.contracts.documents.events_page import events_page
from kentongan.contracts.evolution.freezing import FreezeRefused, freeze, unfrozen

DOCS = Path(__file__).parents[3] / "docs"


def documents(docs: Path) -> dict[Path, str]:
    """What is generated from the catalogue, by the path where it is committed."""
    return {
        docs / "events.md": events_page(CATALOGUE),
        docs / "asyncapi.yaml": asyncapi_yaml(CATALOGUE),
    }


def main(arguments: list[str] | None = None) -> int:
    """Run one of the three; the exit code is 1 where something needs a person."""
    parser = argparse.ArgumentParser(prog="python -m kentongan.contracts", description=__doc__)
    parser.add_argument(
        "task",
        choices=("generate", "check", "freeze"),
        help="write docs; compare docs and models with what is committed; write new revisions",
    )
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of the generated pages")
    chosen = parser.parse_args(arguments)
    tasks = {"generate": _generate, "check": _check, "freeze": _freeze}
    return tasks[chosen.task](chosen.docs)


def _generate(docs: Path) -> int:
    for path, text in documents(docs).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        _say(f"written: {path}")
    return 0


def _check(docs: Path) -> int:
    problems = unfrozen(CATALOGUE)
    for path, text in documents(docs).items():
        if not path.is_file() or path.read_text("utf-8") != text:
            problems.append(f"{path} is stale: run `python -m kentongan.contracts generate`")
    for problem in problems:
        _say(problem)
    return 1 if problems else 0


def _freeze(docs: Path) -> int:
    try:
        written = freeze(CATALOGUE)
    except FreezeRefused as refusal:
        _say(f"refused, a breaking change needs a new version on its own topic:\n{refusal}")
        return 1
    for path in written:
        _say(f"frozen: {path}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
