"""A walk over every field of every settings class, wherever it is declared."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from kentongan.settings import EnvironmentSettings
from kentongan.settings.environment import is_group

ROOT = Path(__file__).parents[3]
HOME = ROOT / "shared" / "kentongan" / "settings" / "environment.py"


def sources() -> Iterator[Path]:
    for folder in ("shared", "services", "tests"):
        yield from (file for file in (ROOT / folder).rglob("*.py"))


def classes() -> list[type[EnvironmentSettings]]:
    """All that extend the base, wherever they are declared."""
    for file in sources():
        home = file.relative_to(ROOT).with_suffix("").parts
        if home[0] != "tests" and re.search(r"^class \w+\(\w*Settings\)", file.read_text(), re.M):
            import_module(".".join(home).removeprefix("shared."))
    found: dict[str, type[EnvironmentSettings]] = {}
    waiting = [EnvironmentSettings]
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one.__module__.startswith(("kentongan.", "services.")):
                found[f"{one.__module__}.{one.__name__}"] = one
                waiting.append(one)
    return [found[name] for name in sorted(found)]


def every_field() -> list[tuple[type[EnvironmentSettings], str, str]]:
    return [
        (settings, name, f"{settings.model_config.get('env_prefix', '')}{name}".upper())
        for settings in classes()
        for name, field in settings.model_fields.items()
        if not is_group(field)
    ]


def identity(case: Any) -> str:
    return case.__name__ if isinstance(case, type) else str(case)


def outcome(settings: type[EnvironmentSettings], name: str) -> Any:
    """A field's value as it compares, or the refusal of the whole."""
    try:
        found = getattr(settings(), name)
    except ValidationError as error:
        return str(error)
    if isinstance(found, SecretStr):
        return found.get_secret_value()
    return vars(found) if hasattr(found, "__dict__") else found
