"""Settings for the command line: a problem in them ends the command with a clear message."""

from collections.abc import Iterator
from typing import TypeVar

import typer
from pydantic import ValidationError
from pydantic_settings import BaseSettings

AnySettings = TypeVar("AnySettings", bound=BaseSettings)


def read_settings(settings: type[AnySettings]) -> AnySettings:
    """The settings from the environment; exit code 2 and a line per problem if they are bad."""
    try:
        return settings()
    except ValidationError as error:
        typer.echo("Pengaturan tidak sah / settings are not valid:", err=True)
        # A nested group is read by its own default, so the error bears the group's name.
        prefix = {model.__name__: _prefix(model) for model in _with_groups(settings)}[error.title]
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            # A rule over several settings has no place of its own; its message names them.
            typer.echo(f"  {prefix + name + ': ' if name else ''}{problem['msg']}", err=True)
        raise typer.Exit(2) from None


def _with_groups(settings: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    yield settings
    for field in settings.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseSettings):
            yield field.annotation


def _prefix(settings: type[BaseSettings]) -> str:
    return str(settings.model_config.get("env_prefix", ""))
