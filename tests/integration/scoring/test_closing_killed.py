"""A process is killed amid a closing, and another one, which knows nothing of it, goes on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from tests.integration.scoring.contest import Contest
from tests.integration.scoring.processes import at

ENTRIES = 60
ONE_BY_ONE = {"KENTONGAN_SCORING_CLOSING_CHUNK": "1"}


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    await services.prepare()
    yield services
    await services.remove()


async def test_a_closing_outlives_the_process_that_began_it(services: RunningServices) -> None:
    first = services.process("scoring", name="first", settings=ONE_BY_ONE)
    second = services.process("scoring", name="second")
    await services.start(first)
    async with (
        services.database("scoring") as database,
        httpx.AsyncClient(trust_env=False, timeout=60) as client,
    ):
        contest = Contest(at(first, database, client))
        await contest.open(contest.stage(judges=["juri-1"]))
        await contest.entered(range(ENTRIES))
        for number in range(ENTRIES):
            scored = await contest.score(number, "juri-1", {"kreativitas": number % 7})
            assert scored.status_code == 200, scored.text

        closing = await contest.close()
        assert closing.status_code == 200, closing.text
        while not await database["entries"].count_documents({"state.sealed_stage": 1}):
            await asyncio.sleep(0.005)
        await first.kill()
        left = await database["entries"].count_documents({"state.ranked_stage": 0})
        assert left, "it was over before it was killed"

        await services.start(second)
        contest.running = at(second, database, client)
        shown = await contest.until_closed()
        assert shown["stages"][0]["entries"] == ENTRIES
        points = {number: number % 7 for number in range(ENTRIES)}
        assert await contest.ranks() == {
            number: 1 + sum(other > own for other in points.values())
            for number, own in points.items()
        }
        closed = await database["competitions"].find_one({"_id": contest.id})
        assert closed is not None
        assert [each["command"] for each in closed["decisions"]] == [
            "competition.open",
            "competition.begin-judging",
            "stage.close",
            "stage.seal",
        ]
