"""Settings for the command line: a problem in them ends the command with a clear message."""

from typing import Final, TypeVar

import typer
from pydantic import ValidationError

from kentongan.settings import EnvironmentSettings
from kentongan.settings.environment import problems_of

AnySettings = TypeVar("AnySettings", bound=EnvironmentSettings)
WRONG_SETTINGS: Final = 2
"""The exit code of wrong arguments and wrong settings alike: no repetition helps."""


def read_settings(settings: type[AnySettings]) -> AnySettings:
    """The settings from the environment; exit code 2 and a line per problem if they are bad."""
    try:
        return settings()
    except ValidationError:
        typer.echo("Pengaturan tidak sah / settings are not valid:", err=True)
        for problem in problems_of(settings):
            typer.echo(f"  {problem}", err=True)
        raise typer.Exit(WRONG_SETTINGS) from None
