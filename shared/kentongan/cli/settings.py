"""Settings for the command line: a problem in them ends the command with a clear message."""

from typing import Final, TypeVar

import typer
from pydantic import ValidationError

from kentongan.settings import EnvironmentSettings
from kentongan.settings.environment import problems_of, settings_called

AnySettings = TypeVar("AnySettings", bound=EnvironmentSettings)
WRONG_SETTINGS: Final = 2
"""The exit code of wrong arguments and wrong settings alike: no repetition helps."""


def read_settings(settings: type[AnySettings]) -> AnySettings:
    """The settings from the environment; exit code 2 and a line per problem if they are bad."""
    try:
        return settings()
    except ValidationError:
        _say_problems(settings)
        raise typer.Exit(WRONG_SETTINGS) from None


def say_refusal(error: ValueError) -> bool:
    """Say what is wrong, where the error is that of settings read anywhere; else say nothing."""
    if not isinstance(error, ValidationError):
        return False
    settings = settings_called(error.title)
    if settings is None or not problems_of(settings):
        return False
    _say_problems(settings)
    return True


def _say_problems(settings: type[EnvironmentSettings]) -> None:
    typer.echo("Pengaturan tidak sah / settings are not valid:", err=True)
    for problem in problems_of(settings):
        typer.echo(f"  {problem}", err=True)
