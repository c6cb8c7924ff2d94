import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from kentongan.messaging.reactions import EACH_SECONDS, Reactions
from kentongan.messaging.subscriptions import Reaction, Subscriptions
from kentongan.storage.driver import Database
from kentongan.storage.projections.build_markers import BuildMarkers
from kentongan.storage.projections.directory import Directory
from tests.integration.messaging.village import KIM_EVENTS, KIMS
from tests.support.waiting import eventually

MADE_OF = [*sorted(event.contract.type for event in KIM_EVENTS), "revision 1"]


class Step:
    def __init__(self) -> None:
        self.runs = 0
        self.failures = 0

    async def __call__(self) -> int:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("a defect")
        self.runs += 1
        return 0

    def reached(self, runs: int) -> Callable[[], Awaitable[bool]]:
        async def has() -> bool:
            return self.runs >= runs

        return has


@pytest.fixture
async def built(database: Database) -> Database:
    await Directory(database, "kims").start_over()
    await BuildMarkers(database).mark_built("directory.kims", {}, made_of=MADE_OF)
    return database


@pytest.fixture
async def start(
    database: Database,
) -> AsyncIterator[Callable[[Step], Awaitable[Reactions]]]:
    running: list[Reactions] = []

    async def begin(step: Step) -> Reactions:
        subscriptions = Subscriptions((KIMS,), (Reaction("flag", ("kims",), step),))
        reactions = Reactions(subscriptions=subscriptions, database=database)
        await reactions.start()
        running.append(reactions)
        return reactions

    yield begin
    for reactions in running:
        await reactions.stop()


Start = Callable[[Step], Awaitable[Reactions]]


async def test_a_step_runs_at_start_and_when_it_is_woken(built: Database, start: Start) -> None:
    step = Step()
    reactions = await start(step)
    await eventually(step.reached(1))

    reactions.wake(["activities"])
    reactions.wake(["kims"])

    await eventually(step.reached(2))
    assert step.runs == 2


async def test_a_burst_of_wake_ups_costs_few_runs(built: Database, start: Start) -> None:
    step = Step()
    reactions = await start(step)
    await eventually(step.reached(1))

    for _ in range(100):
        reactions.wake(["kims"])
        await asyncio.sleep(0)

    await eventually(step.reached(2))
    assert step.runs <= 3


async def test_a_failing_step_is_tried_again(built: Database, start: Start) -> None:
    step = Step()
    step.failures = 2
    await start(step)

    await eventually(step.reached(1))


async def test_none_runs_while_a_read_model_is_built(database: Database, start: Start) -> None:
    step = Step()
    await start(step)

    async def led() -> bool:
        return await database["leases"].find_one({"_id": "reactions"}) is not None

    await eventually(led)
    assert step.runs == 0
    await Directory(database, "kims").start_over()
    await BuildMarkers(database).mark_built("directory.kims", {}, made_of=MADE_OF)

    await eventually(step.reached(1))


async def test_what_another_process_applied_wakes_the_one_that_reacts(
    built: Database, start: Start
) -> None:
    first, second = Step(), Step()
    await start(first)
    await eventually(first.reached(1))
    others = await start(second)

    for runs in (2, 3):
        others.wake(["kims"])
        # Long before it would look anyway.
        await eventually(first.reached(runs), seconds=EACH_SECONDS / 3)

    assert (first.runs, second.runs) == (3, 0)


async def test_one_process_reacts(built: Database, start: Start) -> None:
    first, second = Step(), Step()
    reactions = await start(first)
    await eventually(first.reached(1))
    others = await start(second)
    others.wake(["kims"])
    reactions.wake(["kims"])
    await eventually(first.reached(2))
    assert second.runs == 0

    await reactions.stop()

    await eventually(second.reached(1))
