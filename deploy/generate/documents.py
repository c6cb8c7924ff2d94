"""All that is generated for deployment, by the path where it is committed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from deploy.generate import facts
from deploy.generate.schema import values_schema
from deploy.generate.table import with_table

DEPLOY = Path(__file__).parents[1]
CHART = DEPLOY / "helm" / "kentongan"
OBSERVABILITY = DEPLOY / "observability"
HEAD = "# Made by `make generate` from the code; changes here are lost.\n"


def from_code() -> dict[Path, str]:
    """What needs no tool: the chart's facts, its schema, its README's table, its copies."""
    schema = values_schema()
    readme = CHART / "README.md"
    return {
        CHART / "files" / "services.yaml": _yaml(facts.services()),
        CHART / "files" / "topics.yaml": _yaml(facts.topics()),
        CHART / "files" / "rights.yaml": _yaml(facts.rights()),
        CHART / "values.schema.json": schema,
        readme: with_table(
            readme.read_text("utf-8"),
            json.loads(schema),
            (CHART / "values.yaml").read_text("utf-8"),
        ),
        **_copies("rules", "*.yaml"),
        **_copies("dashboards", "*.json"),
    }


def strays(expected: dict[Path, str], folders: tuple[Path, ...]) -> list[Path]:
    """Files in generated folders that nothing generates any more."""
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path not in expected
    ]


def write(expected: dict[Path, str], folders: tuple[Path, ...], say: Callable[[str], None]) -> None:
    """Write what differs, and delete what is stray."""
    for path, text in expected.items():
        if not path.is_file() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            say(f"written: {path.relative_to(DEPLOY.parent)}")
    for path in strays(expected, folders):
        path.unlink()
        say(f"deleted: {path.relative_to(DEPLOY.parent)}")


def stale(expected: dict[Path, str], folders: tuple[Path, ...]) -> list[str]:
    """What is not as it would be generated, in a line each."""
    return [
        *(
            f"{path.relative_to(DEPLOY.parent)} is stale: run `make generate`"
            for path, text in expected.items()
            if not path.is_file() or path.read_text("utf-8") != text
        ),
        *(
            f"{path.relative_to(DEPLOY.parent)} is made by nothing any more: run `make generate`"
            for path in strays(expected, folders)
        ),
    ]


def _copies(kind: str, pattern: str) -> dict[Path, str]:
    """A chart can read files below it only, so it has copies of the rules and dashboards."""
    return {
        CHART / "files" / kind / path.name: path.read_text("utf-8")
        for path in sorted((OBSERVABILITY / kind).glob(pattern))
    }


def _yaml(document: Any) -> str:
    return HEAD + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
