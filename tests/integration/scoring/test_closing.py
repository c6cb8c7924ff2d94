"""A stage is closed: sealed, ranked, resumable; what was answered counts, and nothing later."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import CREATIVITY, IMPACT, JUDGES, Contest, kim_event
from tests.support.desk import refused


async def test_a_stage_is_closed_and_ranked(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    await contest.entered(range(4))
    await contest.scored({n: {"kreativitas": points} for n, points in enumerate((50, 90, 70, 70))})

    shown = await contest.closed()

    assert shown["status"] == "open"
    assert (shown["stages"][0]["entries"], shown["stages"][0]["qualified"]) == (4, 4)
    assert await contest.ranks() == {1: 1, 2: 2, 3: 2, 0: 4}
    [closed] = await scoring.outbox("competitions", contest.id)
    assert closed["type"] == "kentongan.scoring.StageClosed.v1"
    assert closed["data"]["results"] is None
    refused(await contest.score(0, JUDGES[0], {"kreativitas": 1}), 409, "stage-closed")
    refused(await contest.close(), 409, "stage-closed")


async def test_missing_scores_hold_a_closing_up_until_a_reason_is_given(scoring: Running) -> None:
    contest = await Contest(scoring).open(
        contest_stage := Contest(scoring).stage(CREATIVITY, IMPACT)
    )
    await contest.entered(range(2))
    assert contest_stage["judges"] == list(JUDGES)
    for judge_id in JUDGES:
        await contest.score(0, judge_id, {"kreativitas": 80, "dampak": 8})
    await contest.score(1, JUDGES[0], {"kreativitas": 90})

    problem = refused(await contest.close(), 409, "scores-missing")
    assert problem["facts"]["missing"] == 5
    progress = (await contest.office.get(f"/competitions/{contest.id}/stages/1/progress")).json()
    assert progress["missing"] == 5
    assert [each["given"] for each in progress["judges"]] == [3, 2, 2]
    assert "points" not in str(progress)

    reason = "Dua juri berhalangan hadir."
    await contest.closed(incomplete_reason=reason)
    ranking = await contest.ranking()
    assert [each["entry_id"] for each in ranking] == [contest.entries[0], contest.entries[1]]
    impact = ranking[1]["stages"][0]["criteria"][1]
    assert impact == {"criterion_id": "dampak", "points": [], "mean": 0.0, "counted": None}
    [closed] = await scoring.outbox("competitions", contest.id)
    assert reason not in str(closed)
    decisions = (await contest.office.get(f"/competitions/{contest.id}/decisions")).json()
    assert reason in [each["note"] for each in decisions]


async def test_a_conflict_is_not_a_missing_score(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    await contest.entered(range(2))
    conflicts = f"/entries/{contest.entries[0]}/conflicts"
    assert (await contest.judge(JUDGES[0]).post(conflicts, {"stage": 1})).status_code == 200
    await contest.scored({1: {"kreativitas": 60}})
    for judge_id in JUDGES[1:]:
        await contest.score(0, judge_id, {"kreativitas": 70})
    await contest.closed()
    assert await contest.ranks() == {0: 1, 1: 2}


async def test_all_who_share_the_last_qualifying_rank_go_on(scoring: Running) -> None:
    contest = Contest(scoring)
    await contest.open(contest.stage(qualifying=2), contest.stage(IMPACT))
    await contest.entered(range(5))
    points = {0: 90, 1: 80, 2: 80, 3: 80, 4: 70}
    await contest.scored({n: {"kreativitas": given} for n, given in points.items()})

    shown = await contest.closed()

    assert shown["stages"][0]["qualified"] == 4
    refused(await contest.score(4, JUDGES[0], {"dampak": 5}, stage=2), 409, "not-qualified")
    left = await contest.office.get(f"/competitions/{contest.id}/entries", stage=2)
    assert {each["id"] for each in left.json()["items"]} == {contest.entries[n] for n in range(4)}
    await contest.scored({n: {"dampak": n} for n in range(4)}, stage=2)
    await contest.closed(2)
    # The last stage first; who left earlier follows.
    assert await contest.ranks() == {3: 1, 2: 2, 1: 3, 0: 4, 4: 5}
    assert await contest.ranks(stage=1) == {0: 1, 1: 2, 2: 2, 3: 2, 4: 5}


class Killed(BaseException):
    """The process is gone, as far as its closing can tell."""


def kill_after(running: Running, writes: int) -> None:
    """Let the process's closing die with its n-th write of many entries."""
    [entries] = [store for store in running.assembly.stores if store.name == "entries"]
    write, left = entries.change_all, [writes]

    async def dying(decided: Any, command: Any) -> int:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return await write(decided, command)

    entries.change_all = dying  # type: ignore[method-assign]  # a process that dies there


def _tasks(name: str) -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == name]


async def dead(running: Running) -> None:
    """Wait for the closing's death; its lease runs out, as nobody renews it any more."""
    await asyncio.gather(*_tasks("stage-closing"), return_exceptions=True)
    for renewing in _tasks("stage-closing-lease"):
        renewing.cancel()
    await running.database["leases"].update_one(
        {"_id": "stage-closing"}, {"$set": {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)}}
    )


@pytest.mark.parametrize("writes", [1, 5], ids=["while sealing", "while ranking"])
async def test_a_closing_that_died_is_resumed_by_another_process(
    small_chunks: Running, second_scoring_here: Running, writes: int
) -> None:
    contest = await Contest(small_chunks).open()
    await contest.entered(range(17))
    await contest.scored({n: {"kreativitas": n % 6} for n in range(17)})
    kill_after(small_chunks, writes)

    assert (await contest.close()).status_code == 200
    await dead(small_chunks)
    sealed = await small_chunks.database["entries"].count_documents({"state.sealed_stage": 1})
    ranked = await small_chunks.database["entries"].count_documents({"state.ranked_stage": 1})
    assert (sealed, ranked) == ((5, 0) if writes == 1 else (17, 5))
    assert (await contest.shown())["status"] == "closing"
    refused(await contest.score(0, JUDGES[0], {"kreativitas": 1}), 409, "stage-closed")
    await second_scoring_here.tell("kims", kim_event(99))
    refused(await contest.enter(99), 409, "submissions-over")

    assert await second_scoring_here.react("resume-closings") == 1
    shown = await Contest(second_scoring_here, contest.id).until_closed()

    assert shown["stages"][0]["entries"] == 17
    ranks = await contest.ranks()
    points = {n: n % 6 for n in range(17)}
    assert ranks == {n: 1 + sum(points[m] > points[n] for m in points) for n in points}
    assert len(await small_chunks.outbox("competitions", contest.id)) == 1
