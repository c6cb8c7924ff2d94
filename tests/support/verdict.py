"""After a fault: wait until the system has settled, then hold the journal against what it holds."""

import asyncio
import time

import httpx

from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.consistency.checker import Held, Verdict, View, check_consistency
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.consistency.topics import TopicReading, read_topics
from kentongan.storage.dead_letters import DeadLetters
from kentongan.testing.running_services import RunningServices
from tests.support.office import Office

TOPIC = "registry.kims"
SETTLE_SECONDS = 120.0


async def read_kims(services: RunningServices) -> TopicReading:
    """All records of the groups' topic, as any integrator sees them."""
    return await read_topics(services.kafka, [TOPIC])


async def judge(
    services: RunningServices, office: Office, *, registry: str, placement: str
) -> Verdict:
    """The verdict once nothing moves any more; fails on any finding, and on any dead letter.

    `registry` and `placement` are the base URLs of a process each.
    """
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        verdict = check_consistency(
            office.journal.entries.values(),
            await read_kims(services),
            [await owner_view(registry), await directory_view(placement)],
        )
        if verdict.good or time.monotonic() > deadline:
            break
        await asyncio.sleep(0.5)
    assert verdict.good, "\n".join(map(str, verdict.findings[:20])) or "nothing was checked"
    assert verdict.checked.compared >= 2 * len(office.groups)
    async with services.database("placement") as database:
        assert await DeadLetters(database).count() == 0
    return verdict


async def owner_view(base_url: str) -> View:
    """The registry's groups, as it shows them."""
    held = {
        kim["id"]: Held(
            kim["version"],
            {"nik_komunitas": kim["nik_komunitas"], "region.code": kim["region"]["code"]},
        )
        for kim in await _list(base_url)
    }
    return View("registry", TOPIC, held, exact=False)


async def directory_view(base_url: str) -> View:
    """The groups as another service knows them."""
    held = {
        kim["id"]: Held(
            kim["version"],
            {
                "name": kim["name"],
                "status": kim["status"],
                "nik_komunitas": kim["nik_komunitas"],
                "region.code": kim["region_code"],
                "potentials": kim["potentials"],
                "decree.valid_until": kim["valid_until"],
            },
        )
        for kim in await _list(base_url)
    }
    return View("placement", TOPIC, held)


async def _list(base_url: str) -> list[dict[str, object]]:
    async with httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False) as http:
        return await ServiceClient(http, Journal()).read_all("/v1/kims")


async def is_published(
    services: RunningServices, key: str, sequence: int, *, times: int = 1
) -> bool:
    """Whether the topic holds this version of a group, at least so many times."""
    events = (await read_kims(services)).events
    return [(one.key, one.sequence) for one in events].count((key, sequence)) >= times
