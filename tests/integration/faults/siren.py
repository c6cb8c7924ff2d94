"""Broadcast under faults: an office that publishes, groups with webhooks, and a courier apart."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from kentongan.demo.consistency.topics import read_topics
from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from kentongan.messaging.kafka.topics import topic_name
from kentongan.testing.poison_records import kim_record, put
from kentongan.testing.running_services import RunningServices
from kentongan.testing.tcp_proxy import TcpProxy
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.receiver import Receiver
from tests.support.desk import token
from tests.support.town import SETTINGS as TOWN_SETTINGS
from tests.support.verdict import TOPIC
from tests.support.waiting import eventually

AT_ONCE = 8
SETTINGS = {
    **TOWN_SETTINGS,
    "KENTONGAN_BROADCAST_PRIVATE_TARGETS": "true",
    "KENTONGAN_BROADCAST_PLANNING_GROUPS": "10",
    "KENTONGAN_BROADCAST_SEND_SECONDS": "3",
    # What a killed courier had in hand is due again after 4 s instead of 30.
    "KENTONGAN_BROADCAST_CLAIM_SECONDS": "4",
    "KENTONGAN_BROADCAST_POLL_SECONDS": "0.2",
    "KENTONGAN_BROADCAST_SENDS_AT_ONCE": "16",
    "KENTONGAN_BROADCAST_FIRST_DELAY_SECONDS": "0.2",
    "KENTONGAN_BROADCAST_DELAY_FACTOR": "1",
    "KENTONGAN_BROADCAST_ATTEMPTS": "5",
}
REFUSING = "/refuses"
"""Of a receiver that answers 500 for ever: a delivery to it is given up."""


@dataclass(slots=True)
class Siren:
    """What a test works with. The courier reaches MongoDB through `mongo` alone."""

    services: RunningServices
    broadcast: ServiceProcess
    courier: ServiceProcess
    mongo: TcpProxy
    receiver: Receiver
    http: httpx.AsyncClient
    random: Random
    secrets: dict[str, str] = field(default_factory=dict)
    """By channel."""
    channels: dict[str, list[str]] = field(default_factory=dict)
    """Those of each group."""

    @property
    def office(self) -> Desk:
        return Desk(self.http, token("diskominfo"), utc_now)

    def group(self, kim_id: str) -> Desk:
        return Desk(self.http, token("kim", region=None, kim_id=kim_id), utc_now)

    async def register(self, groups: int, *, refusing: int) -> None:
        """So many groups with a webhook each; some have a second one that refuses everything."""
        ids = [f"kim-{number:04}" for number in range(groups)]
        topic = topic_name(self.services.kafka, TOPIC)
        await put(self.services.kafka, topic, [kim_record(kim_id) for kim_id in ids])
        await eventually(lambda: self._knows(groups), what="the groups in broadcast")
        paths = {kim_id: ["/hook"] for kim_id in ids}
        for kim_id in self.random.sample(ids, refusing):
            paths[kim_id].append(REFUSING)
        gate = asyncio.Semaphore(AT_ONCE)

        async def join(kim_id: str) -> None:
            async with gate:
                for path in paths[kim_id]:
                    await self._open_channel(kim_id, path)

        await asyncio.gather(*map(join, ids))

    async def kill(self) -> None:
        """kill -9, which has to meet a living courier."""
        assert self.courier.running, self.courier.log_tail()
        await self.courier.kill()

    async def kill_at_request(self, number: int) -> None:
        """Kill the courier while the receiver has that request from now in its hands: it is
        answered by nobody, or after the courier's death.
        """
        until = len(self.receiver.received) + number
        killed = asyncio.Event()

        async def at_request(_: object) -> None:
            if len(self.receiver.received) >= until and not killed.is_set():
                killed.set()
                await self.kill()

        self.receiver.on_request = at_request
        self.courier.start()
        await eventually(killed.is_set, what=f"request {number}")
        await eventually(lambda: not self.courier.running, what="the courier's end")
        self.receiver.on_request = None

    async def kill_while_planning(self, delivery_id: str, *, lands: bool) -> None:
        """Kill the courier while the chunk with this delivery is on its way to MongoDB, where it
        arrives after all, or never does.
        """
        held = self.mongo.bytes_held
        self.mongo.stall_at(delivery_id.encode())
        self.courier.start()
        await eventually(lambda: self.mongo.bytes_held > held, what=f"{delivery_id} is held")
        await self.kill()
        if not lands:
            await self.mongo.cut()
        self.mongo.resume()
        self.mongo.restore()

    async def deliveries(self, content_id: str, edition: int) -> dict[str, dict[str, Any]]:
        """What is planned, by id."""
        async with self.services.database("broadcast") as database:
            found = database["deliveries"].find({"content_id": content_id, "edition": edition})
            return {each["_id"]: each async for each in found}

    async def reach(self, content_id: str) -> dict[str, Any]:
        return dict((await self.office.get(f"/contents/{content_id}/reach")).json())

    async def told_of_delivery(self, content_id: str) -> list[dict[str, Any]]:
        """The reach that each ContentDelivered in the topic states, in order, repeats left out."""
        topic = "broadcast.contents"
        reading = await read_topics(self.services.kafka, [topic])
        return [
            dict(each.data["reach"])
            for each in reading.distinct(topic)
            if (each.key, each.name) == (content_id, "ContentDelivered")
        ]

    async def _knows(self, groups: int) -> bool:
        audience = {"audience": {"regions": ["36.71"]}}
        counted = await self.office.post("/audience-previews", audience)
        return bool(counted.json()["groups"] == groups)

    async def _open_channel(self, kim_id: str, path: str) -> None:
        body = {"name": "Situs web", "url": self.receiver.url(path)}
        opened = await self.group(kim_id).post("/channels", body)
        assert opened.status_code == 201, opened.text
        self.channels.setdefault(kim_id, []).append(opened.json()["id"])
        self.secrets[opened.json()["id"]] = opened.json()["secret"]
