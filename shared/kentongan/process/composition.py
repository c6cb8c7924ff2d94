"""Builds one process of a service: settings, connections, application, roles."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from kentongan.http import create_application
from kentongan.http.auth.authenticator import authenticator
from kentongan.observability import metrics
from kentongan.observability.logging import configure_logging
from kentongan.observability.tracing.export import exporting
from kentongan.process.beginning import begin_metrics
from kentongan.process.host import Host
from kentongan.process.roles import Roles
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.process.web_server import WebServer
from kentongan.settings import ServiceSettings
from kentongan.storage.driver import close, connect, open_database

YOUNG_OBJECTS = 50_000
"""A batch makes tens of thousands of small objects that live until it is written. With Python's
default of 700 the collector walks them again and again: a third of a directory's CPU (measured)."""


@asynccontextmanager
async def connected(
    definition: ServiceDefinition, settings: ServiceSettings
) -> AsyncIterator[tuple[Assembly, Resources]]:
    """The wired service with its connections, closed at the end; nothing is running yet."""
    mongo = settings.mongo
    client = connect(
        mongo.uri.get_secret_value(),
        application=f"kentongan-{definition.name}",
        tls_ca_file=mongo.tls_ca_file,
        server_selection_timeout_seconds=mongo.server_selection_timeout_seconds,
        socket_timeout_seconds=mongo.socket_timeout_seconds,
        on_pool=partial(_show_pool, definition.name),
    )
    try:
        database = open_database(client, f"{mongo.database_prefix}{definition.name}")
        resources = Resources(settings=settings, client=client, database=database)
        yield definition.assemble(resources), resources
    finally:
        close(client)


async def serve(definition: ServiceDefinition, settings: Any, played: tuple[str, ...]) -> int:
    """Run one process of a service until it is told to end; returns its exit code."""
    configure_logging(definition.name, log_format=settings.log_format, level=settings.log_level)
    with exporting(settings, service=definition.name) as traces:
        return await _run(definition, settings, played, seconds=traces.seconds_before)


async def _run(
    definition: ServiceDefinition, settings: Any, played: tuple[str, ...], *, seconds: float
) -> int:
    """The process, with an end that takes at most so long."""
    async with connected(definition, settings) as (assembly, resources):
        begin_metrics(definition, assembly, settings, played)
        roles = Roles(definition, assembly, resources, played=played)
        application = create_application(
            service_name=definition.name,
            title=definition.title,
            description=definition.description,
            routers=assembly.routers if "api" in played else (),
            problems=assembly.problems,
            auth=authenticator(settings.auth, settings.environment),
            readiness=roles.readiness,
            clock=resources.clock,
            max_body_bytes=settings.http.max_body_bytes,
        )
        host = Host(
            WebServer(application, settings.http),
            roles,
            shutdown_seconds=seconds,
        )
        collect_seldom()
        return await host.run()


def _show_pool(service: str, connections: int, in_use: int) -> None:
    metrics.DATABASE_CONNECTIONS.labels(service).set(connections)
    metrics.DATABASE_CONNECTIONS_IN_USE.labels(service).set(in_use)


def collect_seldom() -> None:
    """Let the garbage collector pass over what the process was built of, and look less often."""
    gc.set_threshold(YOUNG_OBJECTS, 20, 100)
    gc.collect()
    gc.freeze()


def serve_until_told(definition: ServiceDefinition, settings: Any, played: tuple[str, ...]) -> int:
    """`serve` on an event loop of its own."""
    return asyncio.run(serve(definition, settings, played))
