"""`kentongan events`: the stream of facts, for people and for pipes."""

import asyncio
import json
import sys
from contextlib import suppress
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from kentongan.cli.failures import said_clearly
from kentongan.cli.settings import read_settings
from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka.tail import Filter, Start, TailedEvent
from kentongan.messaging.kafka.tail import tail as follow_events
from kentongan.settings import KafkaSettings

application = typer.Typer(
    add_completion=False, help="Follow the events of the topics, from outside any group."
)


@application.callback()
def _group() -> None:
    """Keeps `tail` a subcommand while it is the only one."""


@application.command("tail")
def tail(
    topic: Annotated[
        list[str] | None, typer.Argument(help="registry.kims, …; all if none.")
    ] = None,
    *,
    type_: Annotated[list[str] | None, typer.Option("--type", help="KimRegistered, …")] = None,
    key: Annotated[list[str] | None, typer.Option(help="The aggregate's id.")] = None,
    start: Annotated[
        str, typer.Option("--from", help="beginning, now, or a time: 2026-11-01T08:00+07:00")
    ] = "now",
    follow: Annotated[bool, typer.Option(help="Wait for what comes next.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
) -> None:
    """Show events, readable on a terminal, as JSON lines in a pipe."""
    only = Filter(frozenset(type_ or ()), frozenset(key or ()))
    lines = as_json or not sys.stdout.isatty()

    async def show() -> None:
        async for event in follow_events(
            read_settings(KafkaSettings),
            CATALOGUE,
            topics=topic or (),
            only=only,
            start=_start(start),
            follow=follow,
        ):
            _print(event, lines)

    with said_clearly(), suppress(KeyboardInterrupt):
        asyncio.run(show())


def _start(given: str) -> Start:
    if given == "beginning":
        return "beginning"
    if given == "now":
        return "now"
    try:
        time = datetime.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter("beginning, now, or an ISO time with its zone") from None
    if time.tzinfo is None:
        raise typer.BadParameter("the time needs its zone: 2026-11-01T08:00+07:00")
    return time


def _print(event: TailedEvent, lines: bool) -> None:
    envelope = event.envelope
    data = json.loads(envelope.data)
    if lines:
        attributes = {
            name: getattr(envelope, name)
            for name in ("id", "source", "type", "sequence", "key", "correlation_id")
        }
        where = {"topic": event.topic, "partition": event.partition, "offset": event.offset}
        time = envelope.time.isoformat()
        typer.echo(json.dumps({**where, **attributes, "time": time, "data": data}))
        return
    console = Console(soft_wrap=True)
    console.print(
        f"[dim]{envelope.time:%Y-%m-%d %H:%M:%S}[/] [bold]{event.name}[/] "
        f"[cyan]{envelope.key}[/] v{envelope.sequence} [dim]{event.topic}[/]"
    )
    console.print_json(json.dumps(data))
