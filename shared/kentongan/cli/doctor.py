"""`kentongan doctor`: what is missing on this machine, or around a service in production."""

import asyncio
import logging
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kentongan.cli.services import definition_of
from kentongan.cli.settings import WRONG_SETTINGS
from kentongan.process.host import chosen_roles

WIDE = 160
"""Columns of a log, where no terminal says how many it has."""


def doctor(
    production: Annotated[
        str, typer.Option(help="Examine what this service would meet, with its settings.")
    ] = "",
    role: Annotated[
        list[str] | None, typer.Option(help="With --production: these roles only.")
    ] = None,
    strict: Annotated[
        bool, typer.Option(help="With --production: exit 3 where something is doubtful.")
    ] = False,
) -> None:
    """Say what is missing and how to get it: on this machine, or for a service in production.

    Exit 1 where something required is missing or would fail.
    """
    if not production:
        if role or strict:
            typer.echo("--role dan --strict perlu / need --production", err=True)
            raise typer.Exit(WRONG_SETTINGS)
        _this_machine()
    else:
        _production(production, role or [], strict=strict)


def _this_machine() -> None:
    # What the embedded stack needs isn't installed on a server.
    from kentongan.local.doctor import diagnose  # noqa: PLC0415

    findings = diagnose()
    table = _table()
    for finding in findings:
        mark = "[green]✓" if finding.ok else "[red]✗" if finding.required else "[yellow]–"
        remedy = "" if finding.ok else f"{finding.remedy_id}\n[dim]{finding.remedy_en}"
        table.add_row(mark, finding.name, finding.detail, remedy)
    Console().print(table)
    if any(finding.required and not finding.ok for finding in findings):
        raise typer.Exit(1)


def _production(service: str, roles: list[str], *, strict: bool) -> None:
    from kentongan.process.examination import State, examine, exit_code  # noqa: PLC0415

    definition = definition_of(service)
    try:
        played = chosen_roles(roles, definition.roles)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_SETTINGS) from None
    # The table says it all; what libraries say meanwhile would stand between its lines.
    logging.disable(logging.INFO)
    findings = asyncio.run(examine(definition, played))
    marks = {State.FINE: "[green]✓", State.DOUBTFUL: "[yellow]?", State.FAILING: "[red]✗"}
    table = _table()
    for finding in findings:
        remedy = f"{escape(finding.remedy_id)}\n[dim]{escape(finding.remedy_en)}"
        table.add_row(
            f"{marks[finding.state]} {finding.state}",
            escape(finding.name),
            escape(finding.detail),
            remedy if finding.remedy_en else "",
        )
    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    console.print(table)
    raise typer.Exit(exit_code(findings, strict=strict))


def _table() -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for head in ("", "Bagian / part", "Keterangan / detail", "Cara / remedy"):
        table.add_column(head)
    return table
