"""`python -m deploy.generate write|check`: what deployment has that is made from the code.

The rendered manifests need helm; without it they are left as they are, and a line says so.
"""

import argparse
import sys

from deploy.generate import documents, rendered
from deploy.generate.tools import ToolMissing

FROM_CODE = (documents.CHART / "files",)


def main(arguments: list[str] | None = None) -> int:
    """Write or check; the exit code is 1 where something is stale."""
    parser = argparse.ArgumentParser(prog="python -m deploy.generate", description=__doc__)
    parser.add_argument("task", choices=("write", "check"))
    writing = parser.parse_args(arguments).task == "write"
    problems = _one(writing, documents.from_code(), FROM_CODE)
    try:
        problems += _one(writing, rendered.rendered(), rendered.FOLDERS)
    except ToolMissing as missing:
        _say(f"left out: rendered manifests ({missing})")
    for problem in problems:
        _say(problem)
    return 1 if problems else 0


def _one(writing: bool, expected: dict, folders: tuple) -> list[str]:  # type: ignore[type-arg]
    if writing:
        documents.write(expected, folders, _say)
        return []
    return documents.stale(expected, folders)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
