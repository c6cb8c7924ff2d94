"""`kentongan rebuild`: a read model, anew from the topics, under a running service."""

from typing import Annotated

import typer
from rich.progress import Progress

from kentongan.cli.services import with_service
from kentongan.messaging.read_models.bound import UnknownReadModel
from kentongan.messaging.read_models.rebuild import (
    RebuildLost,
    RebuildRefused,
    RebuildReport,
    RebuildUnderWay,
)
from kentongan.messaging.read_models.rebuild import rebuild as rebuild_read_model
from kentongan.process.service import Assembly, Resources, ServiceDefinition


def rebuild(
    service: Annotated[str, typer.Argument()],
    read_model: Annotated[str, typer.Argument(help="As the service's subscriptions name it.")],
    accept_poison: Annotated[
        bool, typer.Option(help="Put it in place even where there is a flood of poison.")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option(help="Build from what is left where topics have lost something.")
    ] = False,
) -> None:
    """Build a read model beside the living one, and put it in its place."""
    with Progress(transient=True) as progress:
        bar = progress.add_task(read_model, total=None)

        async def build(
            definition: ServiceDefinition, assembly: Assembly, on: Resources
        ) -> RebuildReport:
            return await rebuild_read_model(
                definition.name,
                read_model,
                subscriptions=assembly.subscriptions,
                database=on.database,
                kafka=on.settings.kafka,
                on_progress=lambda done, total: progress.update(bar, completed=done, total=total),
                accept_poison=accept_poison,
                accept_loss=accept_loss,
            )

        try:
            report = with_service(service, build)
        except UnknownReadModel:
            typer.echo(f"{service} keeps no read model {read_model!r}", err=True)
            raise typer.Exit(2) from None
        except RebuildRefused as refused:
            typer.echo(str(refused), err=True)
            raise typer.Exit(1) from None
        except (RebuildUnderWay, RebuildLost) as elsewhere:
            typer.echo(f"{read_model}: {type(elsewhere).__doc__}", err=True)
            raise typer.Exit(1) from None
    typer.echo(
        f"{report.read_model}: {report.records} records read, {report.applied} applied, "
        f"{report.poison} poison, {report.seconds:.1f} s"
    )
