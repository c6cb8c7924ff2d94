"""Broadcast with a courier that works when it is told to, and webhooks that point at loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from kentongan.messaging.read_models.bound import bind
from kentongan.storage.projections.build_markers import BuildMarkers
from kentongan.testing.environment import Backends
from services.broadcast.courier.courier import Courier
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.receiver import Receiver
from tests.integration.broadcast.running import Running
from tests.support.clock import Clock
from tests.support.running import run

AUDIENCE = {"regions": ["36.71"], "potentials": [], "kim_ids": []}
"""All groups of the city."""
SETTINGS: dict[str, object] = {
    "broadcast_private_targets": True,
    "broadcast_send_seconds": 20,
    "broadcast_claim_seconds": 30,
    "broadcast_attempts": 4,
    "broadcast_failures_in_a_row": 3,
    "broadcast_planning_groups": 10,
    "broadcast_poll_seconds": 0.05,
    "broadcast_sends_at_once": 16,
}


def courier_of(running: Running) -> Courier:
    """The process's courier; `turn` does all that is due."""
    return cast(Courier, running.assembly.workers["courier"])


@asynccontextmanager
async def courier_process(
    stack: Backends, database: str, clock: Clock, **settings: object
) -> AsyncIterator[Running]:
    """One process of broadcast whose courier nobody has started."""
    async for running in run(Running, stack, database, clock, **(SETTINGS | settings)):
        await directory_is_built(running)
        try:
            yield running
        finally:
            await courier_of(running).stop()


async def directory_is_built(running: Running) -> None:
    """What the consumer says once it has read the topics from the beginning."""
    for one in bind(running.assembly.subscriptions, running.database):
        markers = BuildMarkers(running.database)
        await markers.mark_built(one.collection, {}, made_of=one.made_of)


async def registered(desk: Desk, url: str, **changed: Any) -> dict[str, Any]:
    """A webhook, registered: its receipt with the secret."""
    answered = await desk.post("/channels", {"name": "Situs web", "url": url, **changed})
    assert answered.status_code == 201, answered.text
    return dict(answered.json())


async def groups_with_webhooks(
    running: Running, receiver: Receiver, groups: int, webhooks: int = 1, path: str = "/hook"
) -> dict[str, list[dict[str, Any]]]:
    """So many registered groups with so many webhooks each; the receipts by group."""
    made: dict[str, list[dict[str, Any]]] = {}
    for number in range(groups):
        kim_id = await running.tell_kim(number)
        desk = running.kim(kim_id)
        made[kim_id] = [await registered(desk, receiver.url(path)) for _ in range(webhooks)]
    return made


async def reach(desk: Desk, content_id: str) -> dict[str, Any]:
    """The reach figures as the office sees them."""
    shown = await desk.get(f"/contents/{content_id}/reach")
    assert shown.status_code == 200, shown.text
    return dict(shown.json())


def figures(shown: dict[str, Any]) -> tuple[int, int, int, int]:
    """Delivered, failed, cancelled, pending."""
    return shown["delivered"], shown["failed"], shown["cancelled"], shown["pending"]


async def deliveries_of(running: Running, **query: Any) -> list[dict[str, Any]]:
    """The documents, by id."""
    found = running.database["deliveries"].find(query).sort("_id", 1)
    return cast(list[dict[str, Any]], await found.to_list(None))


async def told_of_delivery(running: Running, content_id: str) -> list[dict[str, Any]]:
    """The ContentDelivered events that a content has recorded."""
    recorded = await running.recorded(content_id)
    return [each for each in recorded if each["event"] == "ContentDelivered"]
