"""The table of values in the chart's README: words from the schema, defaults from values."""

import json
from collections.abc import Iterator
from typing import Any

import yaml

BEGIN, END = "<!-- values: begin -->", "<!-- values: end -->"
SHOWN_ONCE = "services.registry."
SERVICES = "services."


class MarkersMissing(ValueError):
    """The README has no place for the table."""


def with_table(readme: str, schema: dict[str, Any], values: str) -> str:
    """The README with its table as it should be. Raises MarkersMissing."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise MarkersMissing(f"{BEGIN} and {END}")
    rows = "\n".join(_rows(schema, yaml.safe_load(values)))
    head = "| Value | Default | Meaning |\n|---|---|---|\n"
    return f"{before}{BEGIN}\n{head}{rows}\n{END}{after}"


def _rows(schema: dict[str, Any], values: dict[str, Any]) -> Iterator[str]:
    for path, words, default in _leaves(schema, schema, values, ""):
        name = path
        if path.startswith(SERVICES) and path != "services":
            if not path.startswith(SHOWN_ONCE) and not path.endswith("webhookAuthority"):
                continue
            name = path.replace(SHOWN_ONCE, "services.<service>.")
        yield f"| `{name}` | {_shown(default)} | {words} |"


def _leaves(
    node: dict[str, Any], root: dict[str, Any], value: Any, path: str
) -> Iterator[tuple[str, str, Any]]:
    """Whatever has words of its own, with its default; an object with words is also gone into."""
    for name, child in node.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        words = child.get("description", "")
        resolved = _resolved(child, root)
        default = value.get(name) if isinstance(value, dict) else None
        if words:
            yield here, words, None if _goes_on(resolved, root) else default
        if not here.endswith((".settings", ".roles")) and name != "settings":
            yield from _leaves(resolved, root, default, here)


def _goes_on(node: dict[str, Any], root: dict[str, Any]) -> bool:
    return any(
        _resolved(child, root).get("properties") or child.get("description")
        for child in node.get("properties", {}).values()
    )


def _resolved(node: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref")
    if not reference:
        return node
    found: dict[str, Any] = root["definitions"][reference.rpartition("/")[2]]
    return found


def _shown(default: Any) -> str:
    if default in (None, "", {}, []):
        return ""
    return f"`{json.dumps(default, ensure_ascii=False)}`".replace("|", "\\|")
