"""Who keeps a watched city busy: commands beside a test, webhooks, a content that goes out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx

from kentongan.contracts.registry import KimRegistered
from kentongan.demo.city.groups import draw_dossier
from kentongan.demo.city.places import load_city
from kentongan.local.service_process import ServiceProcess
from kentongan.testing.poison_records import kim_record
from tests.integration.broadcast.desk import Desk
from tests.observed.city import City
from tests.support.clock import today
from tests.support.desk import token
from tests.support.office import CITY, REASON
from tests.support.waiting import eventually

PAUSE_SECONDS = 0.1
EVERYWHERE = {"regions": [CITY]}


@asynccontextmanager
async def desk_at(process: ServiceProcess, headers: dict[str, str]) -> AsyncIterator[Desk]:
    """A caller of one process."""
    many = httpx.Limits(max_connections=300, max_keepalive_connections=300)
    async with httpx.AsyncClient(
        base_url=process.base_url, timeout=60, limits=many, trust_env=False
    ) as http:
        yield Desk(http, headers)


@asynccontextmanager
async def asked_in_vain(process: ServiceProcess) -> AsyncIterator[None]:
    """Meanwhile three clerks send commands on a group that isn't there, one after the other."""
    async with (
        desk_at(process, token("diskominfo")) as desk,
        busy(3, lambda: desk.post("/kims/kim-nowhere/suspension", REASON)),
    ):
        yield


@asynccontextmanager
async def proposing(process: ServiceProcess, *, clerks: int) -> AsyncIterator[None]:
    """Meanwhile so many clerks propose groups, one after the other."""
    village = load_city(CITY).villages[-1]
    proposal = draw_dossier(village, seed=1, today=today(CITY)).proposal()
    async with (
        desk_at(process, token("diskominfo")) as desk,
        busy(clerks, lambda: desk.post("/kims", proposal)),
    ):
        yield


@asynccontextmanager
async def busy(clerks: int, once: Callable[[], Awaitable[Any]]) -> AsyncIterator[None]:
    """So many do one thing again and again, whatever comes of it."""

    async def work() -> None:
        while True:
            with suppress(httpx.TransportError):
                await once()
            await asyncio.sleep(PAUSE_SECONDS)

    working = [asyncio.create_task(work()) for _ in range(clerks)]
    try:
        yield
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def publish_to_webhooks(city: City, groups: int) -> None:
    """So many groups register a webhook each, and the city's office publishes to all of them."""
    ids = [f"kim-{number:04}" for number in range(groups)]
    await city.feed(KimRegistered, *map(kim_record, ids))
    async with desk_at(city.broadcast, token("diskominfo")) as office:

        async def known() -> bool:
            asked = {"audience": EVERYWHERE}
            counted = await office.post("/audience-previews", asked)
            return bool(counted.json()["groups"] >= groups)

        await eventually(known, what="the groups in broadcast")
        for kim_id in ids:
            board = Desk(office.client, token("kim", region=None, kim_id=kim_id))
            body = {"name": "Situs web", "url": city.receiver.url()}
            opened = await board.post("/channels", body)
            assert opened.status_code == 201, opened.text
        await office.published(audience=EVERYWHERE)
