"""kill -9 of the reaction that gives notices, between its writes, while a courier is at work."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kentongan.contracts.placement import ASSIGNMENTS, StudentAssigned
from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from kentongan.messaging.kafka.topics import topic_name
from kentongan.testing.environment import Backends
from kentongan.testing.poison_records import event_record, kim_record, put
from kentongan.testing.running_services import RunningServices
from kentongan.testing.tcp_proxy import TcpProxy
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.receiver import Receiver, receiving
from tests.integration.faults.siren import SETTINGS
from tests.support.clock import today
from tests.support.desk import token
from tests.support.town import behind, proxy_to
from tests.support.verdict import TOPIC
from tests.support.waiting import eventually

pytestmark = pytest.mark.xdist_group("faults-courier")

KIM_ID = "kim-0001"


@dataclass(slots=True)
class Notifying:
    """A group and its webhook. The role `consumer` reaches MongoDB through `mongo` alone."""

    services: RunningServices
    consumer: ServiceProcess
    mongo: TcpProxy
    receiver: Receiver
    group: Desk

    async def begin(self) -> str:
        """Register the group and its webhook; the channel's id."""
        await put(self.services.kafka, topic_name(self.services.kafka, TOPIC), [kim_record(KIM_ID)])
        await eventually(self._opened, what="the group in broadcast")
        (channel,) = (await self.group.get("/channels")).json()["items"]
        return str(channel["id"])

    async def assign(self, enrolment_id: str) -> None:
        day = today()
        assigned = event_record(
            StudentAssigned,
            enrolment_id,
            kim_id=KIM_ID,
            period_start=day,
            period_end=day + timedelta(days=60),
        )
        await put(
            self.services.kafka, topic_name(self.services.kafka, ASSIGNMENTS.name), [assigned]
        )

    async def kill_while_notifying(self, enrolment_id: str, at: str, *, lands: bool) -> None:
        """Kill the consumer while the write that holds this text is on its way to MongoDB, where
        it arrives after all, or never does.
        """
        held = self.mongo.bytes_held
        self.mongo.stall_at(at.encode())
        await self.assign(enrolment_id)
        await eventually(lambda: self.mongo.bytes_held > held, what=f"{at} is held")
        assert self.consumer.running, self.consumer.log_tail()
        await self.consumer.kill()
        if not lands:
            await self.mongo.cut()
        self.mongo.resume()
        self.mongo.restore()

    async def told(self) -> set[str]:
        """The enrolments of which the group's inbox has a notice."""
        items = (await self.group.get(f"/kims/{KIM_ID}/inbox")).json()["items"]
        return {each["notice"]["enrolment_id"] for each in items if each["notice"]}

    async def _opened(self) -> bool:
        body = {"name": "Situs web", "url": self.receiver.url()}
        answered = await self.group.post("/channels", body, Idempotency_Key="the-one")
        return answered.status_code == 201


@pytest.fixture
async def notifying(stack: Backends, tmp_path: Path) -> AsyncIterator[Notifying]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    services.environment.update(SETTINGS)
    async with AsyncExitStack() as open_things:
        mongo = await open_things.enter_async_context(proxy_to(stack.mongo_uri))
        receiver = await open_things.enter_async_context(receiving())
        broadcast = services.process("broadcast", roles=("api", "courier"))
        consumer = services.process(
            "broadcast", roles=("consumer",), name="consumer", settings=behind(mongo)
        )
        http = await open_things.enter_async_context(
            httpx.AsyncClient(base_url=broadcast.base_url, trust_env=False, timeout=60)
        )
        group = Desk(http, token("kim", region=None, kim_id=KIM_ID), utc_now)
        await services.prepare()
        try:
            await services.start(broadcast, consumer)
            yield Notifying(services, consumer, mongo, receiver, group)
        finally:
            await services.remove()


async def test_each_notice_arrives_once_though_the_reaction_is_killed_between_its_writes(
    notifying: Notifying,
) -> None:
    channel_id = await notifying.begin()
    enrolments: list[str] = []
    for number, (at, lands) in enumerate(
        [
            ("student-assigned", False),
            ("notice:enrolment-1:1", False),
            ("notice:enrolment-2:1", True),
        ]
    ):
        enrolment_id = f"enrolment-{number}"
        await notifying.kill_while_notifying(enrolment_id, at, lands=lands)
        enrolments.append(enrolment_id)
        await notifying.services.start(notifying.consumer)
        await eventually(
            lambda: len(notifying.receiver.received) == len(enrolments),
            seconds=60,
            what=f"the notice of {enrolment_id}, killed at {at}",
        )
    assert notifying.receiver.ids() == [f"notice:{each}:1:{channel_id}" for each in enrolments]
    assert await notifying.told() == set(enrolments)
