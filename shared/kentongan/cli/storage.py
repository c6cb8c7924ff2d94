"""`kentongan storage`: collections and indexes as the services want them."""

from typing import Annotated

import typer

from kentongan.cli.services import with_service
from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.relay.catching_up import CaughtUp
from kentongan.messaging.relay.catching_up import catch_up as catch_up_with_topics
from kentongan.process.service import Assembly, Resources, ServiceDefinition, service_names
from kentongan.process.storage_layout import layouts_of
from kentongan.storage import plan as storage_plan
from kentongan.storage.plan import LayoutChange

application = typer.Typer(
    add_completion=False, help="Collections and indexes: what the services want, what is there."
)

MISSING = 3
Service = Annotated[
    str | None,
    typer.Argument(help="With its settings, secrets and rights alone; every service if none."),
]


@application.command("plan")
def plan(service: Service = None) -> None:
    """Show what differs; exit 1 where anything does."""
    if _each(service, applying=False):
        raise typer.Exit(1)


@application.command("apply")
def apply(service: Service = None) -> None:
    """Make missing collections and indexes."""
    _each(service, applying=True)


@application.command("catch-up")
def catch_up(
    service: Annotated[str, typer.Argument()],
    *,
    strict: Annotated[
        bool, typer.Option(help="Exit 3 where the topics know aggregates that the database lacks.")
    ] = False,
) -> None:
    """After a restore, before the service starts: versions past what was published, no markers.

    Exit 0 once that is done, for a Job: what is missing is listed, and no repetition brings it.
    """

    async def raise_versions(
        definition: ServiceDefinition, assembly: Assembly, on: Resources
    ) -> CaughtUp:
        return await catch_up_with_topics(
            definition.name,
            catalogue=CATALOGUE,
            database=on.database,
            collections=[store.name for store in assembly.stores],
            kafka=on.settings.kafka,
        )

    report = with_service(service, raise_versions)
    typer.echo(f"{report.seen} aggregates in the topics, {report.raised} versions raised")
    typer.echo("read models will be built anew at the start")
    for key in report.missing:
        typer.echo(f"in the topics, not in the database: {key}")
    if report.missing and strict:
        raise typer.Exit(MISSING)


def _each(service: str | None, *, applying: bool) -> int:
    step = storage_plan.apply if applying else storage_plan.plan

    async def compare(
        _: ServiceDefinition, assembly: Assembly, on: Resources
    ) -> list[LayoutChange]:
        return await step(on.database, layouts_of(assembly, on.database))

    differences = 0
    for name in service_names() if service is None else (service,):
        for change in with_service(name, compare):
            differences += 1
            typer.echo(f"{name}\t{change}")
    if not differences:
        typer.echo("collections and indexes are as the services want them")
    return differences
