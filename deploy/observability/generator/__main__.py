"""Writes what is generated, or says what is stale: `python -m deploy.observability.generator`."""

import json
import sys
from pathlib import Path

import yaml

from deploy.observability.generator.city import CITY
from deploy.observability.generator.courier import COURIER
from deploy.observability.generator.flow import FLOW
from deploy.observability.generator.objectives import rules
from deploy.observability.generator.panels import rendered
from deploy.observability.generator.service import SERVICE

FOLDER = Path(__file__).resolve().parents[1]
DASHBOARDS = (CITY, SERVICE, FLOW, COURIER)
_GENERATED = "# Written by `python -m deploy.observability.generator`: change the generator.\n"


class _Block(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Block.add_representer(str, _text)


def generated() -> dict[Path, str]:
    """Every generated file with its content."""
    files = {
        FOLDER / "dashboards" / f"{dashboard.uid}.json": json.dumps(
            rendered(dashboard), indent=1, ensure_ascii=False
        )
        + "\n"
        for dashboard in DASHBOARDS
    }
    objectives = yaml.dump(rules(), Dumper=_Block, sort_keys=False, allow_unicode=True, width=1000)
    files[FOLDER / "rules" / "objectives.yaml"] = _GENERATED + objectives
    return files


def main(arguments: list[str]) -> int:
    """Write all, or with `check` only compare; 1 where something is stale."""
    stale = [
        path
        for path, content in generated().items()
        if not path.exists() or path.read_text() != content
    ]
    if arguments == ["check"]:
        for path in stale:
            print(f"stale: {path.relative_to(FOLDER)}: make generate")  # noqa: T201
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(generated()[path])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
