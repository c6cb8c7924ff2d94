"""`kentongan rights`: what each user needs on a secured Kafka, and granting it."""

import asyncio
import json
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from kentongan.cli.failures import said_clearly
from kentongan.cli.services import definition_of
from kentongan.cli.settings import read_settings
from kentongan.messaging.kafka.rights import Right
from kentongan.messaging.kafka.rights import apply as apply_rights
from kentongan.process.kafka_rights import rights_of, rights_of_others
from kentongan.process.service import service_names
from kentongan.settings import KafkaSettings


class Format(StrEnum):
    """How rights are shown."""

    TABLE = "table"
    JSON = "json"


def rights(
    service: Annotated[
        str | None, typer.Argument(help="One service; all, and the operator's, if none.")
    ] = None,
    *,
    form: Annotated[Format, typer.Option("--format", help="For people or for files.")] = (
        Format.TABLE
    ),
    applying: Annotated[
        bool, typer.Option("--apply", help="Grant them, as who may alter the cluster.")
    ] = False,
) -> None:
    """Show who needs which right on Kafka, by what the services publish and subscribe to."""
    settings = read_settings(KafkaSettings)
    definitions = [definition_of(name) for name in ((service,) if service else service_names())]
    found = asyncio.run(rights_of(definitions, settings))
    if service is None:
        found.extend(rights_of_others(settings))
    if applying:
        with said_clearly():
            asyncio.run(apply_rights(settings, found))
    if form is Format.JSON:
        typer.echo(json.dumps([right.as_document() for right in found], indent=2))
    else:
        _show(found)


def _show(found: list[Right]) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for head in ("Pengguna / user", "Atas / on", "Nama / name", "Hak / rights"):
        table.add_column(head, overflow="fold")
    for right in found:
        name = f"{right.name}…" if right.pattern == "prefix" else right.name
        table.add_row(right.user, right.resource, name, ", ".join(right.operations))
    Console().print(table)
