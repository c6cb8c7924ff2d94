"""Builds one process of a service: settings, connections, application, roles."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog

from kentongan.http import create_application
from kentongan.http.auth.authenticator import authenticator
from kentongan.http.auth.keys import KeySet
from kentongan.observability import metrics
from kentongan.observability.logging import configure_logging
from kentongan.observability.tracing.export import exporting
from kentongan.process.beginning import begin_metrics
from kentongan.process.clocks import Clocks
from kentongan.process.host import Background, Host
from kentongan.process.readiness import Readiness
from kentongan.process.roles import Roles
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.process.variables import unknown_to
from kentongan.process.web_server import WebServer
from kentongan.settings import ServiceSettings
from kentongan.storage.driver import close, connect, open_database

_log = structlog.get_logger(__name__)
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
    _name_unknown_variables(definition)
    with exporting(settings, service=definition.name) as traces:
        return await _run(definition, settings, played, seconds=traces.seconds_before)


async def _run(
    definition: ServiceDefinition, settings: Any, played: tuple[str, ...], *, seconds: float
) -> int:
    """The process, with an end that takes at most so long."""
    async with connected(definition, settings) as (assembly, resources):
        begin_metrics(definition, assembly, settings, played)
        roles = Roles(definition, assembly, resources, played=played)
        auth = authenticator(settings.auth, settings.environment)
        keys = auth.keys if "api" in played else None
        readiness = Readiness(
            database=resources.database,
            read_models_built=roles.read_models_built,
            clocks=Clocks(definition.name),
            prepared=lambda: roles.prepared,
            keys=lambda: keys is None or keys.usable,
            clock=resources.clock,
        )
        application = create_application(
            service_name=definition.name,
            title=definition.title,
            description=definition.description,
            routers=assembly.routers if "api" in played else (),
            problems=assembly.problems,
            auth=auth,
            readiness=readiness.answer,
            clock=resources.clock,
            max_body_bytes=settings.http.max_body_bytes,
        )
        host = Host(
            WebServer(application, settings.http),
            roles,
            readiness,
            shutdown_seconds=seconds,
            # Nobody sends commands to a process without them.
            lame_duck_seconds=settings.lame_duck_seconds if "api" in played else 0.0,
            background=() if keys is None else (_kept_fresh(keys, definition.name),),
        )
        collect_seldom()
        return await host.run()


def _kept_fresh(keys: KeySet, service: str) -> Background:
    """The work that keeps the keys; when they were last read is shown, 0 before."""
    shown = metrics.KEY_SET_READ.labels(service)
    keys.on_read = shown.set_to_current_time
    return keys.keep_fresh


def _name_unknown_variables(definition: ServiceDefinition) -> None:
    for unknown in unknown_to(definition):
        _log.warning("settings.unknown", variable=unknown.name, nearest=unknown.nearest)


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
