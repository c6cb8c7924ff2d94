"""Judges score while a stage is closed, and scoring is killed: what they were answered holds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from kentongan.demo.consistency.topics import read_topics
from kentongan.local.service_process import ServiceProcess
from kentongan.storage.driver import Database
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from kentongan.testing.tcp_proxy import TcpProxy
from tests.integration.scoring.contest import CREATIVITY, IMPACT, JUDGES, Contest
from tests.integration.scoring.processes import at
from tests.support.persistence import Persistence
from tests.support.town import SETTINGS, behind, chosen_seed, proxy_to
from tests.support.waiting import eventually

pytestmark = pytest.mark.xdist_group("faults-judging")

ENTRIES = 60
PARTS = 2
"""Clients of each judge, who share the entries."""
TOPIC = "scoring.competitions"
ONE_BY_ONE = {"KENTONGAN_SCORING_CLOSING_CHUNK": "1"}
"""So that a closing lasts long enough to be killed in."""
Given = dict[str, int]


@dataclass(slots=True)
class Jury:
    """A contest whose judges note what they were answered."""

    services: RunningServices
    scoring: ServiceProcess
    mongo: TcpProxy
    database: Database
    contest: Contest
    random: Random
    clients: Persistence = field(default_factory=Persistence)
    acknowledged: dict[tuple[int, str], Given] = field(default_factory=dict)
    """By entry and judge: the last points that were answered 2xx."""
    refused: set[str] = field(default_factory=set)
    """Judges who were told that the stage is closed."""

    async def keep_scoring(self, judge_id: str, numbers: list[int]) -> None:
        """Score, then correct again and again, until the stage is closed."""
        while numbers:
            for number in list(numbers):
                given = {"kreativitas": self.random.randint(0, 100)}
                given["dampak"] = self.random.randint(0, 10)
                answer = await self.clients.until_told(self._giving(number, judge_id, given))
                if answer.status_code == httpx.codes.OK:
                    self.acknowledged[number, judge_id] = given
                else:
                    assert answer.json()["rule"] == "stage-closed", answer.text
                    self.refused.add(judge_id)
                    numbers.remove(number)

    def _giving(self, number: int, judge_id: str, given: Given) -> Any:
        path = f"/entries/{self.contest.entries[number]}/scores"
        body: dict[str, Any] = {"stage": 1, "points": given}
        if (number, judge_id) in self.acknowledged:
            path, body = f"{path}/corrections", {**body, "reason": "Dilihat lagi."}
        judge = self.contest.judge(judge_id)
        return lambda key: judge.post(path, body, Idempotency_Key=key)

    async def kill(self) -> None:
        """kill -9, which has to meet a living process."""
        assert self.scoring.running, self.scoring.log_tail()
        await self.scoring.kill()

    async def kill_once(self, done: dict[str, Any], least: int) -> None:
        """Kill as soon as so many entries are so far, which must not be all of them."""

        async def reached() -> bool:
            return await self.database["entries"].count_documents(done) >= least

        await eventually(reached, what=f"{least} entries at {done}")
        await self.kill()
        assert await self.database["entries"].count_documents(done) < ENTRIES, "it was over"


@pytest.fixture
async def jury(stack: Backends, tmp_path: Path) -> AsyncIterator[Jury]:
    seed = chosen_seed()
    print(f"seed {seed}, logs {tmp_path}")
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    services.environment.update(SETTINGS)
    async with AsyncExitStack() as open_things:
        mongo = await open_things.enter_async_context(proxy_to(stack.mongo_uri))
        database = await open_things.enter_async_context(services.database("scoring"))
        client = await open_things.enter_async_context(
            httpx.AsyncClient(trust_env=False, timeout=60)
        )
        scoring = services.process("scoring", settings={**ONE_BY_ONE, **behind(mongo)})
        await services.prepare()
        try:
            await services.start(scoring)
            contest = Contest(at(scoring, database, client))
            yield Jury(services, scoring, mongo, database, contest, Random(seed))
        finally:
            await services.remove()


async def test_what_judges_were_answered_is_the_result_though_scoring_is_killed(
    jury: Jury,
) -> None:
    contest, random = jury.contest, jury.random
    await contest.open(contest.stage(CREATIVITY, IMPACT))
    await contest.entered(range(ENTRIES))
    judging = [
        asyncio.create_task(jury.keep_scoring(judge_id, list(range(part, ENTRIES, PARTS))))
        for judge_id in JUDGES
        for part in range(PARTS)
    ]
    some = random.randint(20, 100)
    await eventually(lambda: len(jury.acknowledged) > some, what="judges are at work")
    closing = asyncio.create_task(
        jury.clients.until_told(
            lambda key: contest.office.post(
                f"/competitions/{contest.id}/stages/1/closing",
                {"incomplete_reason": "Waktu habis."},
                Idempotency_Key=key,
            )
        )
    )
    await jury.kill_once({"state.sealed_stage": 1}, random.randint(1, 20))
    await jury.services.start(jury.scoring)
    await jury.kill_once({"state.ranked_stage": 1}, random.randint(1, 20))
    await jury.services.start(jury.scoring)
    await contest.until_closed()
    await asyncio.gather(*judging)

    assert (await closing).status_code == httpx.codes.OK
    assert jury.clients.unheard, "the kills met no request"
    assert jury.refused == set(JUDGES)
    standing = await contest.ranking()
    assert {each["entry_id"]: outcome(each) for each in standing} == recomputed(jury)
    for number, entry_id in contest.entries.items():
        shown = (await contest.office.get(f"/entries/{entry_id}/scores")).json()["stages"][0]
        assert {
            (each["judge_id"], each["criterion_id"]): each["points"] for each in shown["scores"]
        } == {
            (judge_id, criterion): points
            for judge_id in JUDGES
            for criterion, points in jury.acknowledged.get((number, judge_id), {}).items()
        }
    await results_are_published_once(jury)


async def results_are_published_once(jury: Jury) -> None:
    """Several offices publish at once, and scoring dies with the write in its hands."""
    contest, held = jury.contest, jury.mongo.bytes_held
    prizes = {"prizes": [{"name": "Juara 1", "rank": 1}]}
    jury.mongo.stall_at(b"ResultsPublished")
    publishing = [
        asyncio.create_task(
            jury.clients.until_told(
                lambda key: contest.office.post(
                    f"/competitions/{contest.id}/results", prizes, Idempotency_Key=key
                )
            )
        )
        for _ in range(4)
    ]
    await eventually(lambda: jury.mongo.bytes_held > held, what="the results are held")
    await jury.kill()
    if jury.random.random() < 0.5:
        await jury.mongo.cut()
    jury.mongo.resume()
    jury.mongo.restore()
    await jury.services.start(jury.scoring)
    told = sorted([(await each).status_code for each in publishing])
    assert told == [200, 409, 409, 409]

    await eventually(lambda: _told(jury, "ResultsPublished"), what="the results in the topic")
    reading = await read_topics(jury.services.kafka, [TOPIC])
    assert [each.name for each in reading.distinct(TOPIC)] == ["StageClosed", "ResultsPublished"]
    results = reading.distinct(TOPIC)[-1].data["results"]
    assert {each["entry_id"]: outcome(each) for each in results["ranking"]} == recomputed(jury)


async def _told(jury: Jury, name: str) -> bool:
    reading = await read_topics(jury.services.kafka, [TOPIC])
    return name in {each.name for each in reading.events}


Outcome = tuple[int, float, dict[str, list[float]]]
"""Rank, total, and the points of each criterion in ascending order."""


def outcome(shown: dict[str, Any]) -> Outcome:
    """What the service says of an entry."""
    (stage,) = shown["stages"]
    points = {each["criterion_id"]: each["points"] for each in stage["criteria"]}
    return shown["rank"], stage["total"], points


def recomputed(jury: Jury) -> dict[str, Outcome]:
    """The same from what the judges were answered, and nothing else."""
    criteria = {"kreativitas": (60, 100), "dampak": (30, 10)}
    points: dict[int, dict[str, list[float]]] = {}
    standing: dict[int, list[Fraction]] = {}
    for number in jury.contest.entries:
        given = [score for (entry, _), score in jury.acknowledged.items() if entry == number]
        points[number] = {name: sorted(float(each[name]) for each in given) for name in criteria}
        means = {
            name: Fraction(sum(each[name] for each in given), len(given)) if given else Fraction(0)
            for name in criteria
        }
        total = sum(weight * means[name] / most for name, (weight, most) in criteria.items())
        standing[number] = [Fraction(100 * total, 90), means["kreativitas"], means["dampak"]]
    return {
        jury.contest.entries[number]: (
            1 + sum(other > own for other in standing.values()),
            float(round(own[0], 4)),
            points[number],
        )
        for number, own in standing.items()
    }
