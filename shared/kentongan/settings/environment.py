"""The one base of all settings: where values come from, and how a wrong one is refused.

From the environment alone, or from the file that `NAME_FILE` names, as platforms mount secrets.
What is empty is not set. Whatever is wrong is said with the variable's name, without its value.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

FILE_SUFFIX = "_FILE"
LARGEST_FILE_BYTES = 1_048_576
"""A setting is no longer than this: a device or a pipe would be read for ever."""


class EnvironmentSettings(BaseSettings):
    """What all settings classes extend; nothing else may extend pydantic-settings' own.

    A field's default may be another settings class (a group), which reads its own variables.
    """

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the code states goes before the environment; there is no third place."""
        return init_settings, _Environment(settings_cls)


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """What is wrong with a setting. A rule over several has no variable; its message names them."""

    variable: str
    message: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.message}" if self.variable else self.message


def is_group(field: FieldInfo) -> bool:
    """Whether a field is a settings class of its own, with variables of its own."""
    return isinstance(field.annotation, type) and issubclass(field.annotation, EnvironmentSettings)


def groups_of(settings: type[EnvironmentSettings]) -> Iterator[type[EnvironmentSettings]]:
    """The class itself and its groups, groups of groups included."""
    yield settings
    for field in settings.model_fields.values():
        if is_group(field):
            group: Any = field.annotation
            yield from groups_of(group)


def settings_called(name: str) -> type[EnvironmentSettings] | None:
    """The settings class of this name, which is the title of an error of it."""
    waiting: list[type[EnvironmentSettings]] = [EnvironmentSettings]
    while waiting:
        settings = waiting.pop()
        if settings.__name__ == name:
            return settings
        waiting.extend(settings.__subclasses__())
    return None


def variables_of(settings: type[EnvironmentSettings]) -> Iterator[str]:
    """The variables that a class and its groups read; each may be given as `NAME_FILE` instead."""
    for group in groups_of(settings):
        for name, field in group.model_fields.items():
            if not is_group(field):
                yield _variable(group, name)


def problems_of(settings: type[EnvironmentSettings]) -> list[SettingProblem]:
    """All that is wrong in the environment, in groups and outside them; empty where nothing is."""
    problems: dict[str, SettingProblem] = {}
    bad_groups: dict[str, Any] = {}
    for name, field in settings.model_fields.items():
        if is_group(field):
            group: Any = field.annotation
            found = problems_of(group)
            problems.update((str(problem), problem) for problem in found)
            if found:
                bad_groups[name] = group.model_construct()
    try:
        settings(**bad_groups)
    except ValidationError as error:
        for problem in problems_in(error, settings):
            # Rules over several settings can't be judged where a group of them is missing.
            if problem.variable or not bad_groups:
                problems.setdefault(str(problem), problem)
    return list(problems.values())


def problems_in(
    error: ValidationError, settings: type[EnvironmentSettings]
) -> Iterator[SettingProblem]:
    """An error of these settings, or of one of their groups, by variable."""
    # A nested group is read by its own default, so the error bears the group's name.
    named = {group.__name__: group for group in groups_of(settings)}
    group = named.get(error.title, settings)
    for fault in error.errors(include_input=False, include_url=False):
        place = fault["loc"]
        message = fault["msg"].removeprefix("Value error, ")
        if not place:
            yield SettingProblem("", message)
            continue
        variable = _variable(group, str(place[0]))
        inner = "".join(f"[{part}]" for part in place[1:])
        yield SettingProblem(variable, f"{inner} {message}".strip())


def _variable(settings: type[BaseSettings], name: str) -> str:
    return f"{settings.model_config.get('env_prefix', '')}{name}".upper()


class _Environment(EnvSettingsSource):
    """Variables, those that name a file replaced by what is in it."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        self._faults: list[InitErrorDetails] = []
        super().__init__(settings_cls, case_sensitive=False)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        given = {name.lower(): value for name, value in os.environ.items() if value.strip()}
        found: dict[str, str | None] = {}
        for name, field in self.settings_cls.model_fields.items():
            variable = _variable(self.settings_cls, name)
            value = given.get(variable.lower())
            file = given.get(f"{variable}{FILE_SUFFIX}".lower())
            if is_group(field):
                # A group has its own variables; one of its own name would hide them all.
                continue
            if file is not None and value is not None:
                self._refuse(name, f"given twice, also as {variable}{FILE_SUFFIX}")
            elif file is not None:
                value = self._content(name, f"{variable}{FILE_SUFFIX}", Path(file))
            if value is not None:
                found[variable.lower()] = value
        return found

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """JSON; what is none is a fault of this field instead of a traceback without its name."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            self._refuse(field_name, "is no JSON")
            return None

    def __call__(self) -> dict[str, Any]:
        """All values. Raises ValidationError with every fault of the sources, without a value."""
        values = super().__call__()
        if self._faults:
            raise ValidationError.from_exception_data(
                self.settings_cls.__name__, self._faults, hide_input=True
            )
        return values

    def _content(self, name: str, variable: str, file: Path) -> str | None:
        """What the file holds. Its path isn't shown: it may be the secret, in the wrong place."""
        try:
            with file.open("rb") as opened:
                content = opened.read(LARGEST_FILE_BYTES + 1)
            text = content.decode()
        except OSError as error:
            self._refuse(name, f"{variable}: {error.strerror}")
        except UnicodeDecodeError:
            self._refuse(name, f"{variable}: is no UTF-8")
        else:
            value = text.removesuffix("\r\n" if text.endswith("\r\n") else "\n")
            if len(content) > LARGEST_FILE_BYTES:
                self._refuse(name, f"{variable}: has more than {LARGEST_FILE_BYTES} bytes")
            elif not value.strip():
                # Who names a file means to set something; a default would be used unnoticed.
                self._refuse(name, f"{variable}: is empty")
            else:
                return value
        return None

    def _refuse(self, name: str, message: str) -> None:
        fault = PydanticCustomError("environment", "{message}", {"message": message})
        self._faults.append(InitErrorDetails(type=fault, loc=(name,), input=None))
