"""`kentongan consumer`: a consumer that a flood of poison has stopped."""

from typing import Annotated

import typer

from kentongan.cli.services import with_service
from kentongan.messaging.kafka.clients import group_id
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.storage.stopped_consumers import StoppedConsumers

application = typer.Typer(
    add_completion=False, help="Consumers: let one go on that a flood of poison has stopped."
)


def _stopped(definition: ServiceDefinition, on: Resources) -> StoppedConsumers:
    return StoppedConsumers(on.database, group_id(on.settings.kafka, definition.name))


@application.command("status")
def status(service: Annotated[str, typer.Argument()]) -> None:
    """Say whether a service's consumer is stopped, and why; exit 1 where it is."""

    async def look(definition: ServiceDefinition, _: Assembly, on: Resources) -> str | None:
        return await _stopped(definition, on).stopped()

    if reason := with_service(service, look):
        typer.echo(f"{service}: stopped: {reason}")
        raise typer.Exit(1)
    typer.echo(f"{service}: not stopped")


@application.command("resume")
def resume(service: Annotated[str, typer.Argument()]) -> None:
    """Let a stopped consumer go on, in all its processes, within a few seconds."""

    async def go_on(definition: ServiceDefinition, _: Assembly, on: Resources) -> bool:
        return await _stopped(definition, on).resume()

    resumed = with_service(service, go_on)
    typer.echo(f"{service}: {'resumed' if resumed else 'was not stopped'}")
