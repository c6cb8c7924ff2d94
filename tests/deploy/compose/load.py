"""Clerks who change groups through the edge, and the verdict on what they were told."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from aiokafka.errors import KafkaError

from kentongan.demo.clients.bearers import key_issuer
from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.clients.tokens import Tokens
from kentongan.demo.consistency.checker import Verdict, check_consistency
from kentongan.demo.consistency.topics import read_topics
from tests.deploy.compose.city import ISSUER, KEY_ID, City
from tests.support.office import CITY, Office
from tests.support.verdict import TOPIC, directory_view, owner_view

SETTLE_SECONDS = 180.0


class Refusals(httpx.AsyncBaseTransport):
    """What the edge answered with 5xx or not at all: the office repeats it and says nothing."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._inner = httpx.AsyncHTTPTransport(retries=0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on, and look at the answer."""
        try:
            response = await self._inner.handle_async_request(request)
        except httpx.TransportError as error:
            self.seen.append(f"{request.method} {request.url.path}: {error!r}")
            raise
        if response.status_code >= 500:
            self.seen.append(f"{request.method} {request.url.path}: {response.status_code}")
        return response

    async def aclose(self) -> None:
        """Close what lies behind."""
        await self._inner.aclose()


@asynccontextmanager
async def open_clerks(
    city: City, seed: int, headers: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Office, Refusals]]:
    """An office with a token of the city's own provider, that speaks to the published port."""
    print(f"seed {seed}")
    refusals = Refusals()
    issuer = key_issuer(key_file=city.key_file, kid=KEY_ID, issuer=ISSUER, audience="kentongan")
    bearer = Tokens(CITY, issuer).diskominfo()
    base = f"{city.edge}/registry"
    async with httpx.AsyncClient(
        base_url=base, timeout=60, transport=refusals, headers=headers
    ) as http:
        office = Office(http, seed)
        office._registry = ServiceClient(http, office.journal, bearer=bearer)
        # A village has one group: those of the city's earlier tests have theirs.
        city.journals.append(office.journal)
        villages = len(office._villages)
        del office._villages[: city.villages_taken]
        try:
            yield office, refusals
        finally:
            city.villages_taken = villages - len(office._villages)


async def judge(city: City, office: Office) -> Verdict:
    """Once nothing moves: what was acknowledged is in the topic, and visible, exactly once."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            verdict = await _look(city, office)
        except (KafkaError, httpx.HTTPError):
            # What was hurt may still be on its way back.
            if time.monotonic() > deadline:
                raise
        else:
            if verdict.good or time.monotonic() > deadline:
                break
        await asyncio.sleep(1.0)
    assert verdict.good, "\n".join(map(str, verdict.findings[:20])) or "nothing was checked"
    assert verdict.checked.compared >= 2 * len(office.groups)
    return verdict


async def _look(city: City, office: Office) -> Verdict:
    # The topics hold what earlier tests' clerks asked for as well.
    journals = [*(one for one in city.journals if one is not office.journal), office.journal]
    return check_consistency(
        [entry for journal in journals for entry in journal.entries.values()],
        await read_topics(city.kafka, [TOPIC]),
        [
            await owner_view(f"{city.edge}/registry"),
            await directory_view(f"{city.edge}/placement"),
        ],
    )
