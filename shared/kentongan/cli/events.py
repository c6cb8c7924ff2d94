"""`kentongan events`: the stream of facts, for people and for pipes."""

import asyncio
import json
import sys
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

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
    console = Console(soft_wrap=True)

    async def show() -> None:
        async for event in follow_events(
            read_settings(KafkaSettings),
            CATALOGUE,
            topics=topic or (),
            only=only,
            start=_start(start),
            follow=follow,
        ):
            if lines:
                typer.echo(as_line(event))
            else:
                print_on(console, event)

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


def as_line(event: TailedEvent) -> str:
    """One event as a line of JSON; data that is no JSON is null, and its text is `raw`."""
    envelope = event.envelope
    shown: dict[str, Any] = {
        "topic": event.topic,
        "partition": event.partition,
        "offset": event.offset,
        **{
            name: getattr(envelope, name)
            for name in ("id", "source", "type", "sequence", "key", "correlation_id")
        },
        "time": envelope.time.isoformat(),
    }
    try:
        return json.dumps({**shown, "data": _read(envelope.data)})
    except ValueError:
        return json.dumps({**shown, "data": None, "raw": _text(envelope.data)})


def print_on(console: Console, event: TailedEvent) -> None:
    """Print one event for a person. Nothing of it is taken for markup."""
    envelope = event.envelope
    console.print(
        Text.assemble(
            (f"{envelope.time:%Y-%m-%d %H:%M:%S}", "dim"),
            " ",
            (event.name, "bold"),
            " ",
            (envelope.key, "cyan"),
            f" v{envelope.sequence} ",
            (event.topic, "dim"),
        )
    )
    try:
        console.print_json(json.dumps(_read(envelope.data), ensure_ascii=False))
    except ValueError:
        console.print(Text(_text(envelope.data)))


def _read(data: bytes) -> Any:
    """What the data says. Raises ValueError where it is no JSON, or nothing that can be shown."""
    try:
        found = json.loads(data, parse_constant=_refuse)
        # Half of a surrogate pair passes as JSON, and is no text.
        json.dumps(found, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("too deep") from None
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _text(data: bytes) -> str:
    return data.decode(errors="backslashreplace")
