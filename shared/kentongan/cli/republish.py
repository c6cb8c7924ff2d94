"""`kentongan republish`: what a service has told, once more, for topics that were lost."""

import asyncio
import time
from typing import Annotated

import typer

from kentongan.cli.services import with_service
from kentongan.domain.clock import utc_now
from kentongan.messaging.republishing import Republished, Republisher
from kentongan.process.own_commands import own_command
from kentongan.process.service import Assembly, Resources, ServiceDefinition

_LOOK_SECONDS = 0.5


def republish(
    service: Annotated[str, typer.Argument()],
    aggregate: Annotated[str | None, typer.Argument(help="One key; all if none.")] = None,
    *,
    wait: Annotated[
        float, typer.Option(help="Seconds for the service's relay to publish it; 0: don't wait.")
    ] = 600.0,
) -> None:
    """Publish the current state of each aggregate again, and the facts that are stored.

    Exit 0 where all is published (or handed over, without waiting), 1 where some is not yet, 3
    where facts can't be told exactly from what is stored.
    """

    async def tell(
        _: ServiceDefinition, assembly: Assembly, on: Resources
    ) -> tuple[Republished, int]:
        now = utc_now()
        command = own_command("republish", "operator:republish", now)
        republisher = Republisher(on.database, assembly.retellings, command)
        report = await republisher.run(aggregate)
        deadline = time.monotonic() + wait
        while True:
            left = await republisher.waiting()
            if not left or time.monotonic() >= deadline:
                return report, left
            await asyncio.sleep(_LOOK_SECONDS)

    report, left = with_service(service, tell)
    typer.echo(f"{service}: {report.aggregates} aggregates")
    for topic, number in sorted(report.events.items()):
        typer.echo(f"{topic}: {number} events handed to the relay")
    for topic, number in sorted(report.untold.items()):
        typer.echo(f"{topic}: {number} facts can't be told exactly from what is stored", err=True)
    for key in report.busy:
        typer.echo(f"had no quiet moment, run it again: {key}", err=True)
    if left and wait:
        typer.echo(f"not published yet: {left} aggregates; does a relay run?", err=True)
    if report.busy or (left and wait):
        raise typer.Exit(1)
    if report.untold:
        raise typer.Exit(3)
