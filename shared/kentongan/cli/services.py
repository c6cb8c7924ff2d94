"""Opens a service for a command: its settings, its wiring, its connections, closed at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from kentongan.cli.failures import said_clearly
from kentongan.cli.settings import read_settings
from kentongan.process.composition import connected
from kentongan.process.service import (
    Assembly,
    Resources,
    ServiceDefinition,
    UnknownService,
    find_service,
    service_names,
)

Result = TypeVar("Result")


def definition_of(service: str) -> ServiceDefinition:
    """The service of this name; exit code 2 with the names that there are where it is unknown."""
    try:
        return find_service(service)
    except UnknownService:
        names = ", ".join(service_names())
        typer.echo(f"tidak ada layanan / no service {service!r}; {names}", err=True)
        raise typer.Exit(2) from None


def with_service(
    service: str, work: Callable[[ServiceDefinition, Assembly, Resources], Awaitable[Result]]
) -> Result:
    """Run `work` on a wired service; exit code 1 with a clear line where a backend fails."""
    definition = definition_of(service)
    settings = read_settings(definition.settings)

    async def run() -> Result:
        async with connected(definition, settings) as (assembly, resources):
            return await work(definition, assembly, resources)

    with said_clearly():
        return asyncio.run(run())
