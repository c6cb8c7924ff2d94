"""`kentongan dead-letters`: what a consumer has set aside, and applying it after a repair."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kentongan.cli.services import with_service
from kentongan.messaging.read_models.redrive import Redrive, RedriveReport
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.storage.dead_letters import DeadLetter, DeadLetters, LetterHeading, LetterStatus

_WIDEST = 1_000

application = typer.Typer(
    add_completion=False, help="Records that were set aside: list, look, apply again."
)


@application.command("ls")
def ls(
    service: Annotated[str, typer.Argument()],
    *,
    every: Annotated[bool, typer.Option("--all", help="Redriven ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
) -> None:
    """List dead letters, oldest first."""

    async def find(_: ServiceDefinition, __: Assembly, on: Resources) -> list[LetterHeading]:
        status = None if every else LetterStatus.WAITING
        return await DeadLetters(on.database).headings(status=status, limit=limit)

    table = Table("id", "reason", "attempts", "status", "at", show_edge=False)
    for letter in with_service(service, find):
        table.add_row(
            letter.id,
            letter.reason,
            str(letter.attempts),
            letter.status.value,
            letter.at.isoformat(timespec="seconds"),
        )
    # Ids are there to be copied: never cut to the width of a terminal or a pipe.
    Console(width=_WIDEST, soft_wrap=True).print(table)


@application.command("show")
def show(
    service: Annotated[str, typer.Argument()], letter: Annotated[str, typer.Argument()]
) -> None:
    """Show one dead letter whole: headers, key and value as they came."""

    async def get(_: ServiceDefinition, __: Assembly, on: Resources) -> DeadLetter | None:
        return await DeadLetters(on.database).get(letter)

    found = with_service(service, get)
    if found is None:
        typer.echo(f"no dead letter {letter}", err=True)
        raise typer.Exit(1)
    typer.echo(f"{found.reason} ({found.detail}), {found.attempts} attempts, {found.status.value}")
    for name, value in found.headers:
        typer.echo(f"{name}: {_readable(value)}")
    typer.echo(f"key: {_readable(found.key)}")
    typer.echo(f"value: {_readable(found.value)}")


@application.command("redrive")
def redrive(
    service: Annotated[str, typer.Argument()],
    letters: Annotated[list[str] | None, typer.Argument(help="Ids; all that wait if none.")] = None,
) -> None:
    """Apply the original bytes through the code as it is now; exit 1 if some are still poison."""

    async def drive(_: ServiceDefinition, assembly: Assembly, on: Resources) -> RedriveReport:
        again = Redrive(subscriptions=assembly.subscriptions, database=on.database)
        return await (again.some(letters) if letters else again.all_waiting())

    report = with_service(service, drive)
    typer.echo(f"applied: {len(report.applied)}")
    for letter, reason in report.still_poison:
        typer.echo(f"still poison: {letter}: {reason}")
    for letter in report.not_subscribed:
        typer.echo(f"of a type that is not subscribed to: {letter}")
    for letter in report.unknown:
        typer.echo(f"unknown: {letter}")
    if report.still_poison or report.unknown:
        raise typer.Exit(1)


def _readable(value: bytes | None) -> str:
    if value is None:
        return "(null)"
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"0x{value.hex()}"
