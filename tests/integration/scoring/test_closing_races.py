"""Judges score while the office closes: what was answered counts, and nothing later does."""

import asyncio
from typing import Any

import pytest

from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import CREATIVITY, IMPACT, JUDGES, Contest
from tests.support.desk import refused


async def test_scores_answered_count_and_later_ones_are_refused(
    small_chunks: Running, second_scoring_here: Running
) -> None:
    """Many judges correct and score while the office closes; on two processes."""
    contest = Contest(small_chunks)
    contest = await contest.open(contest.stage(CREATIVITY, IMPACT))
    await contest.entered(range(40))
    elsewhere = Contest(second_scoring_here, contest.id, contest.entries)
    await contest.scored({n: {"kreativitas": 50} for n in contest.entries})
    answered: dict[tuple[int, str], set[int]] = {}
    last: dict[tuple[int, str], int] = {(n, j): 50 for n in contest.entries for j in JUDGES}
    refusals: list[str] = []

    async def keep_correcting(where: Contest, judge_id: str, numbers: range) -> None:
        for given in range(51, 100):
            for number in numbers:
                answer = await where.judge(judge_id).post(
                    f"/entries/{contest.entries[number]}/scores/corrections",
                    {"stage": 1, "points": {"kreativitas": given}, "reason": "Dilihat lagi."},
                )
                if answer.status_code == 200:
                    last[number, judge_id] = given
                    answered.setdefault((number, judge_id), set()).add(given)
                elif answer.json()["rule"] == "stage-closed":
                    refusals.append(judge_id)
                    if len(refusals) > 200:
                        return
                else:
                    assert answer.json()["rule"] == "too-many-conflicts", answer.text

    async def close() -> None:
        while len(answered) < 60:
            await asyncio.sleep(0.01)
        answer = await contest.close(incomplete_reason="Waktu habis.")
        assert answer.status_code == 200, answer.text

    async with asyncio.timeout(120):
        await asyncio.gather(
            close(),
            *(
                keep_correcting(where, judge_id, range(part, 40, 2))
                for judge_id in JUDGES
                for part, where in enumerate((contest, elsewhere))
            ),
        )
        await contest.until_closed()

    assert refusals
    assert answered
    for number, entry_id in contest.entries.items():
        shown = (await contest.office.get(f"/entries/{entry_id}/scores")).json()["stages"][0]
        by_judge = {each["judge_id"]: each["points"] for each in shown["scores"]}
        assert by_judge == {judge_id: last[number, judge_id] for judge_id in JUDGES}
    for each in await contest.ranking():
        number = next(n for n, entry_id in contest.entries.items() if entry_id == each["entry_id"])
        given = sorted(last[number, judge_id] for judge_id in JUDGES)
        assert each["stages"][0]["criteria"][0]["points"] == given
        # What was sealed is what was answered: the total was frozen with these very points.
        assert each["stages"][0]["total"] == pytest.approx(sum(given) / 3 * 60 / 90, abs=1e-4)
    assert [each["rank"] for each in await contest.ranking()] == [
        1 + sum(other > total for other in totals(last)) for total in sorted(totals(last))[::-1]
    ]


def totals(last: dict[tuple[int, str], int]) -> list[int]:
    """The sum of the judges' last points, by entry."""
    return [sum(last[number, judge_id] for judge_id in JUDGES) for number in range(40)]


async def test_a_score_decided_before_a_closing_is_refused_after_it(
    scoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = await Contest(scoring).open()
    await contest.entered([1])
    await contest.scored({1: {"kreativitas": 50}})
    [entries] = [store for store in scoring.assembly.stores if store.name == "entries"]
    change = entries.change
    decided, closed = asyncio.Event(), asyncio.Event()

    async def slow(*arguments: Any) -> Any:
        decided.set()
        await closed.wait()
        return await change(*arguments)

    monkeypatch.setattr(entries, "change", slow)
    path = f"/entries/{contest.entries[1]}/scores/corrections"
    body = {"stage": 1, "points": {"kreativitas": 99}, "reason": "Terlambat."}
    correcting = asyncio.create_task(contest.judge(JUDGES[0]).post(path, body))
    await decided.wait()
    await contest.closed()
    closed.set()

    refused(await correcting, 409, "stage-closed")
    [ranked] = await contest.ranking()
    assert ranked["stages"][0]["criteria"][0]["points"] == [50.0, 50.0, 50.0]
