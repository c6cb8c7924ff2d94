"""Where a service answers, and a connection to it."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.consistency.journal import Journal

AT_ONCE = 16
"""Requests under way at the same time: two cores run the services as well as the client."""
TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A base URL, a path of an edge included; `host` where an edge tells services apart by it."""

    url: str
    host: str | None = None
    authorities: Path | None = None
    """PEM of those that are believed with https; None for the public ones."""


@asynccontextmanager
async def connected(endpoint: Endpoint, journal: Journal) -> AsyncIterator[ServiceClient]:
    """A client of one service, for nobody yet; proxies of the environment are ignored."""
    async with httpx.AsyncClient(
        base_url=endpoint.url,
        headers={"host": endpoint.host} if endpoint.host else None,
        timeout=TIMEOUT_SECONDS,
        limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
        trust_env=False,
        verify=ssl.create_default_context(cafile=endpoint.authorities),
    ) as http:
        yield ServiceClient(http, journal)
