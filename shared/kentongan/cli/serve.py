"""`kentongan serve`: one process of one service."""

from typing import Annotated

import typer

from kentongan.cli.services import definition_of
from kentongan.cli.settings import read_settings
from kentongan.process.composition import serve_until_told
from kentongan.process.host import chosen_roles


def serve(
    service: Annotated[str, typer.Argument(help="registry, placement, broadcast, scoring")],
    role: Annotated[
        list[str] | None,
        typer.Option(help="api, consumer, relay, broadcast's courier; all where none is given."),
    ] = None,
) -> None:
    """Run a service, or some of its roles, until SIGTERM or Ctrl-C."""
    definition = definition_of(service)
    try:
        played = chosen_roles(role or (), definition.roles)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(serve_until_told(definition, read_settings(definition.settings), played))
