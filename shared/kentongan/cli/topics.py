"""`kentongan topics`: topics as the contracts want them, on the cluster of the settings."""

import asyncio

import typer

from kentongan.cli.failures import said_clearly
from kentongan.cli.settings import read_settings
from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.topics import ChangeKind, TopicChange
from kentongan.settings import KafkaSettings

application = typer.Typer(
    add_completion=False, help="Topics: what the contracts want, and what the cluster has."
)


@application.command("plan")
def plan() -> None:
    """Show what differs; exit 1 where anything does."""
    settings = read_settings(KafkaSettings)
    with said_clearly():
        changes = asyncio.run(topics.plan(settings, CATALOGUE))
    _show(changes)
    if changes:
        raise typer.Exit(1)


@application.command("apply")
def apply() -> None:
    """Make missing topics and correct their settings; never change a number of partitions."""
    settings = read_settings(KafkaSettings)
    with said_clearly():
        changes = asyncio.run(topics.apply(settings, CATALOGUE))
    _show(changes)
    if any(change.kind is ChangeKind.CONFLICT for change in changes):
        raise typer.Exit(1)


def _show(changes: list[TopicChange]) -> None:
    for change in changes:
        typer.echo(f"{change.kind}\t{change.topic}\t{change.detail}")
    if not changes:
        typer.echo("topics are as the contracts want them")
