"""`kentongan topics`: topics as the contracts want them, on the cluster of the settings."""

import asyncio
from typing import Annotated

import typer

from kentongan.cli.failures import said_clearly
from kentongan.cli.services import definition_of
from kentongan.cli.settings import read_settings
from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.beginnings import LostBeginning, lost_beginnings
from kentongan.messaging.kafka.topics import ChangeKind, TopicChange
from kentongan.settings import KafkaSettings

application = typer.Typer(
    add_completion=False, help="Topics: what the contracts want, and what the cluster has."
)
Service = Annotated[
    str | None,
    typer.Argument(help="Those that it publishes and its dead letters alone; all if none."),
]


@application.command("plan")
def plan(service: Service = None) -> None:
    """Show what differs, and what topics have lost; exit 1 where anything does."""
    _known(service)
    settings = read_settings(KafkaSettings)
    with said_clearly():
        changes, lost = asyncio.run(_planned(settings, service))
    _show(changes)
    for one in lost:
        typer.echo(f"lost\t{one.topic}\t{one}")
    if changes or lost:
        raise typer.Exit(1)


@application.command("apply")
def apply(service: Service = None) -> None:
    """Make missing topics and correct their settings; never change a number of partitions."""
    _known(service)
    settings = read_settings(KafkaSettings)
    with said_clearly():
        changes = asyncio.run(topics.apply(settings, CATALOGUE, service))
    _show(changes)
    if any(change.kind is ChangeKind.CONFLICT for change in changes):
        raise typer.Exit(1)


async def _planned(
    settings: KafkaSettings, service: str | None
) -> tuple[list[TopicChange], list[LostBeginning]]:
    changes = await topics.plan(settings, CATALOGUE, service)
    missing = {change.topic for change in changes if change.kind is ChangeKind.CREATE}
    wanted = topics.wanted_topics(CATALOGUE, settings, service)
    return changes, await lost_beginnings(
        settings, [topic.name for topic in wanted if topic.name not in missing]
    )


def _known(service: str | None) -> None:
    if service is not None:
        definition_of(service)


def _show(changes: list[TopicChange]) -> None:
    for change in changes:
        typer.echo(f"{change.kind}\t{change.topic}\t{change.detail}")
    if not changes:
        typer.echo("topics are as the contracts want them")
