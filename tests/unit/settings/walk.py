"""A walk over every field of every settings class, wherever it is declared."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from kentongan.process.service import find_service, service_names
from kentongan.settings import EnvironmentSettings
from kentongan.settings.environment import is_group

ROOT = Path(__file__).parents[3]
HOME = ROOT / "shared" / "kentongan" / "settings" / "environment.py"


def sources() -> Iterator[Path]:
    for folder in ("shared", "services", "tests"):
        yield from (file for file in (ROOT / folder).rglob("*.py"))


def classes() -> list[type[EnvironmentSettings]]:
    """All that extend the base, wherever they are declared."""
    for name in service_names():
        find_service(name)
    import_module("kentongan.settings.machine")
    import_module("kentongan.testing.environment")
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


def plain(value: Any) -> Any:
    """A value that compares by what it holds."""
    return vars(value) if hasattr(value, "__dict__") else value
