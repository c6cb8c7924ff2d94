"""A stage with an activity criterion waits while what groups did isn't known; others don't."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from kentongan.messaging.kafka.clients import group_id
from kentongan.storage.stopped_consumers import StoppedConsumers
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import (
    ACTIVE,
    CREATIVITY,
    Contest,
    content_event,
    doings_are_known,
)


async def with_doings(running: Running, groups: int) -> Contest:
    """A stage of an activity criterion alone, scored: every group has published one content."""
    contest = Contest(running)
    await contest.open(contest.stage(ACTIVE))
    await contest.entered(range(groups))
    before = running.clock.now - timedelta(days=1)
    for number in range(groups):
        event = content_event(f"c{number}", f"kim-{number:03}", before)
        await running.tell("contents", event)
    return contest


async def looked() -> None:
    """Until the closing's run is over, whatever it came to."""
    tasks = [task for task in asyncio.all_tasks() if task.get_name() == "stage-closing"]
    await asyncio.gather(*tasks)


def counts(ranking: list[dict[str, Any]]) -> list[int]:
    """The contents that were counted for each entry."""
    return [each["stages"][0]["criteria"][0]["counted"]["contents"] for each in ranking]


def flood_stop(running: Running) -> StoppedConsumers:
    kafka = running.service.settings(environment="development").kafka
    return StoppedConsumers(running.database, group_id(kafka, running.service.name))


async def build(running: Running) -> None:
    await running.database["build_markers"].delete_many({})


async def stop(running: Running) -> None:
    await flood_stop(running).stop("flood: 60 of 100 records are poison")


async def go_on(running: Running) -> None:
    await doings_are_known(running)
    await flood_stop(running).resume()


@pytest.mark.parametrize(
    ("hinder", "why"),
    [
        (build, "being built: activities, contents"),
        (stop, "the consumer is stopped"),
    ],
    ids=["a read model is built", "the consumer is stopped"],
)
async def test_nothing_is_sealed_while_what_groups_did_is_not_known(
    scoring: Running, hinder: Any, why: str
) -> None:
    contest = await with_doings(scoring, 2)
    judged = await Contest(scoring).open()
    await judged.entered([1])
    await judged.scored({1: {CREATIVITY["id"]: 80}})  # type: ignore[dict-item]
    await doings_are_known(scoring)
    await hinder(scoring)

    with capture_logs() as logs:
        assert (await contest.close()).status_code == 200
        await looked()

    assert [each["why"] for each in logs if each["event"] == "stage.closing_waits"] == [why]
    assert (await contest.shown())["status"] == "closing"
    sealed = {"state.competition_id": contest.id, "state.sealed_stage": {"$gt": 0}}
    assert await scoring.database["entries"].count_documents(sealed) == 0
    await judged.closed()

    await go_on(scoring)
    await scoring.react("resume-closings")
    await contest.until_closed()
    assert counts(await contest.ranking()) == [1, 1]


async def test_a_read_model_that_is_lost_amid_a_closing_holds_up_what_is_left(
    small_chunks: Running,
) -> None:
    contest = await with_doings(small_chunks, 12)
    await doings_are_known(small_chunks)
    [entries] = [store for store in small_chunks.assembly.stores if store.name == "entries"]
    write = entries.change_all

    async def losing(decided: Any, command: Any) -> int:
        entries.change_all = write  # type: ignore[method-assign]
        await build(small_chunks)
        return await write(decided, command)

    entries.change_all = losing  # type: ignore[method-assign]  # lost with the first chunk

    assert (await contest.close()).status_code == 200
    await looked()
    found = small_chunks.database["entries"]
    assert await found.count_documents({"state.sealed_stage": 1}) == 5

    await go_on(small_chunks)
    await small_chunks.react("resume-closings")
    await contest.until_closed()
    assert counts(await contest.ranking()) == [1] * 12
