"""Votes through cut connections, a kill -9 and the campaign's end: each counts once, or never."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from kentongan.demo.consistency.topics import ObservedEvent, read_topics
from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from kentongan.testing.tcp_proxy import TcpProxy
from tests.integration.scoring.polls import OPTIONS, campaign_body, told
from tests.support.desk import Desk, token
from tests.support.persistence import Persistence
from tests.support.town import SETTINGS, chosen_seed
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults-votes")]

TOPIC = "scoring.votes"
CLIENTS = 24
VOTERS = 16
"""Of each client, who vote one after the other, some of them again."""
LONGEST_LIFE_BYTES = 80_000
"""After at most so many, whatever is open on the way to the service is cut."""
QUICKLY_FINAL = {"KENTONGAN_SCORING_VOTE_GRACE_SECONDS": "1"}
ENDS_AFTER_SECONDS = 8.0


@dataclass(slots=True)
class Polling:
    """A campaign's clients, on a way that is cut again and again, and what they were answered."""

    services: RunningServices
    scoring: ServiceProcess
    way: TcpProxy
    http: httpx.AsyncClient
    random: Random
    clients: Persistence = field(default_factory=Persistence)
    accepted: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Voter, and the receipt of a vote that counts."""
    answers: list[httpx.Response] = field(default_factory=list)

    @property
    def office(self) -> Desk:
        return Desk(self.http, token("diskominfo"), _now)

    async def open(self, **changed: Any) -> str:
        """A campaign's id. What was answered in another one is forgotten."""
        self.accepted.clear()
        self.answers.clear()
        opened = await self.clients.until_told(
            lambda key: self.office.post(
                "/campaigns", campaign_body(_now(), **changed), Idempotency_Key=key
            )
        )
        return str(opened.json()["id"])

    async def vote(self, campaign_id: str, voter: str) -> httpx.Response:
        """One vote under one key, repeated until it is answered."""
        body = {"option_id": self.random.choice(OPTIONS)}
        desk = Desk(self.http, token(region=None, sub=f"warga-{voter}"), _now)
        path = f"/campaigns/{campaign_id}/votes"
        answer = await self.clients.until_told(
            lambda key: desk.post(path, body, Idempotency_Key=key)
        )
        self.answers.append(answer)
        if answer.is_success:
            self.accepted.append((voter, answer.json()))
        return answer

    @asynccontextmanager
    async def cut_again_and_again(self) -> AsyncIterator[None]:
        """While the block runs, no connection lives longer than some bytes, drawn each time."""
        cutting = asyncio.create_task(self._cut())
        try:
            yield
        finally:
            cutting.cancel()
            with suppress(asyncio.CancelledError):
                await cutting
            self.way.restore()

    async def _cut(self) -> None:
        while True:
            cuts = self.way.connections_cut
            self.way.cut_after(self.random.randint(1, LONGEST_LIFE_BYTES))
            await eventually(
                lambda so_far=cuts: self.way.connections_cut > so_far, seconds=120, what="a cut"
            )
            self.way.restore()

    async def counted(self, campaign_id: str) -> dict[str, Any]:
        """The tally, past the proxy."""
        url = f"{self.scoring.base_url}/v1/campaigns/{campaign_id}/tally"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            return dict((await http.get(url)).raise_for_status().json())

    async def published(self, campaign_id: str) -> list[ObservedEvent]:
        """The campaign's votes in the topic, repeats of a record left out."""
        reading = await read_topics(self.services.kafka, [TOPIC])
        return [each for each in reading.distinct(TOPIC) if each.data["campaign_id"] == campaign_id]

    async def holds(self, campaign_id: str) -> dict[str, Any]:
        """What was answered, the tally and the topic agree; returns the tally."""

        async def all_published() -> bool:
            return len(await self.published(campaign_id)) >= len(self.accepted)

        await eventually(all_published, what="the votes in the topic")
        receipts = {receipt["id"]: receipt for _, receipt in self.accepted}
        assert len(receipts) == len(self.accepted)
        assert {
            each.data["vote_id"]: each.data["option_id"]
            for each in await self.published(campaign_id)
        } == {vote_id: receipt["option_id"] for vote_id, receipt in receipts.items()}
        assert len(await self.published(campaign_id)) == len(receipts)
        by_day = Counter((voter, receipt["day"]) for voter, receipt in self.accepted)
        assert set(by_day.values()) == {1}
        tally = await self.counted(campaign_id)
        assert {each["option_id"]: each["votes"] for each in tally["options"]} == {
            option: sum(receipt["option_id"] == option for receipt in receipts.values())
            for option in OPTIONS
        }
        return tally


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def polling(
    stack: Backends, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Polling]:
    folder, seed = tmp_path_factory.mktemp("votes"), chosen_seed()
    print(f"seed {seed}, logs {folder}")
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=folder
    )
    services.environment.update(SETTINGS | QUICKLY_FINAL)
    scoring = services.process("scoring")
    async with AsyncExitStack() as open_things:
        way = TcpProxy(target_port=urlsplit(scoring.base_url).port or 0)
        await open_things.enter_async_context(way)
        http = await open_things.enter_async_context(
            httpx.AsyncClient(base_url=f"http://{way.address}", trust_env=False, timeout=60)
        )
        await services.prepare()
        try:
            await services.start(scoring)
            yield Polling(services, scoring, way, http, Random(seed))
        finally:
            await services.remove()


async def test_each_vote_that_was_answered_counts_once_through_cuts_and_a_kill(
    polling: Polling,
) -> None:
    campaign_id = await polling.open()

    async def client(number: int) -> None:
        for voter in (f"{number}-{each}" for each in range(VOTERS)):
            await polling.vote(campaign_id, voter)
            if polling.random.random() < 0.3:
                await polling.vote(campaign_id, voter)

    cuts = polling.way.connections_cut
    async with polling.cut_again_and_again():
        voting = asyncio.gather(*map(client, range(CLIENTS)))
        some = polling.random.randint(50, CLIENTS * VOTERS // 2)
        await eventually(lambda: len(polling.accepted) >= some, what=f"{some} votes")
        unheard = polling.clients.unheard
        await polling.scoring.kill()
        await eventually(lambda: polling.clients.unheard > unheard, what="the kill is felt")
        await polling.services.start(polling.scoring)
        await voting

    assert polling.way.connections_cut > cuts
    assert polling.clients.replayed, "no answer of a vote that counted was lost"
    assert {voter for voter, _ in polling.accepted} == {
        f"{number}-{each}" for number in range(CLIENTS) for each in range(VOTERS)
    }
    assert {status for status, _ in told(polling.answers)} == {201, 409}
    assert (await polling.holds(campaign_id))["status"] == "provisional"


async def test_a_vote_at_the_campaigns_end_counts_or_is_refused_and_both_are_final(
    polling: Polling,
) -> None:
    ends_at = _now() + timedelta(seconds=ENDS_AFTER_SECONDS)
    campaign_id = await polling.open(ends_at=ends_at.isoformat())

    async def client(number: int) -> None:
        """One voter after the other, until two in a row have come too late."""
        late, voters = 0, 0
        while late < 2:
            answer = await polling.vote(campaign_id, f"{number}-{voters}")
            late = 0 if answer.is_success else late + 1
            voters += 1

    cuts = polling.way.connections_cut
    async with polling.cut_again_and_again():
        await asyncio.gather(*map(client, range(CLIENTS)))

    assert polling.way.connections_cut > cuts
    refused = {each.json()["rule"] for each in polling.answers if not each.is_success}
    assert refused == {"campaign-over"}
    assert len(polling.accepted) > CLIENTS, "nobody voted before the end"

    async def final() -> bool:
        return bool((await polling.counted(campaign_id))["status"] == "final")

    await eventually(final, seconds=90, what="the final count")
    assert (await polling.holds(campaign_id))["status"] == "final"
    for each in await polling.published(campaign_id):
        assert datetime.fromisoformat(each.data["cast_at"]) < ends_at


def _now() -> datetime:
    return utc_now()
