"""Judges score, correct and decline; none sees another's scores before the stage is closed."""

import asyncio
from typing import Any

import httpx

from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import CREATIVITY, IMPACT, JUDGES, Contest
from tests.support.desk import refused

FIRST, SECOND, THIRD = JUDGES
SECRET = 73


async def correct(
    contest: Contest, judge_id: str, points: dict[str, int], number: int = 1
) -> httpx.Response:
    body = {"stage": 1, "points": points, "reason": "Tautan kedua baru terbuka."}
    path = f"/entries/{contest.entries[number]}/scores/corrections"
    return await contest.judge(judge_id).post(path, body)


async def judged(scoring: Running) -> Contest:
    contest = Contest(scoring)
    await contest.open(contest.stage(CREATIVITY, IMPACT), contest.stage(IMPACT))
    return await contest.entered([1])


async def test_a_judge_scores_each_criterion_once(scoring: Running) -> None:
    contest = await judged(scoring)
    scored = await contest.score(1, FIRST, {"kreativitas": 80}, Idempotency_Key="k1")
    assert scored.json()["scored"] == ["kreativitas"]
    replayed = await contest.score(1, FIRST, {"kreativitas": 80}, Idempotency_Key="k1")
    assert replayed.json() == scored.json()
    twice = await contest.score(1, FIRST, {"dampak": 7, "kreativitas": 81})
    refused(twice, 409, "already-scored", "#/points/kreativitas")
    assert (await contest.score(1, FIRST, {"dampak": 7})).json()["scored"] == [
        "dampak",
        "kreativitas",
    ]
    events = await scoring.outbox("entries", contest.entries[1])
    assert [each["data"].get("points") for each in events] == [
        None,
        {"kreativitas": 80},
        {"dampak": 7},
    ]


async def test_what_a_score_must_be(scoring: Running) -> None:
    contest = await judged(scoring)
    cases: tuple[tuple[dict[str, int], str, str], ...] = (
        ({"kreativitas": 101}, "points-off-scale", "#/points/kreativitas"),
        ({"dampak": 11}, "points-off-scale", "#/points/dampak"),
        ({"lain": 1}, "criterion-unknown", "#/points/lain"),
        ({"kreativitas": -1}, "validation", "#/points/kreativitas"),
        ({}, "validation", "#/points"),
    )
    for points, rule, pointer in cases:
        refused(await contest.score(1, FIRST, points), 422, rule, pointer)
    refused(await contest.score(1, FIRST, {"dampak": 1}, stage=2), 409, "stage-not-open")
    refused(await contest.score(1, FIRST, {"dampak": 1}, stage=3), 404, "stage-unknown")
    refused(await contest.score(1, "lain", {"dampak": 1}), 403, "foreign-judge")
    path, body = f"/entries/{contest.entries[1]}/scores", {"stage": 1, "points": {"dampak": 1}}
    refused(await scoring.desk("judge").post(path, body), 403, "foreign-judge")
    refused(await contest.group(1).post(path, body), 403, "wrong-role")
    scoring.clock.forward(days=21)
    refused(await contest.score(1, FIRST, {"dampak": 1}), 409, "deadline-passed")


async def test_a_correction_leaves_a_trail(scoring: Running) -> None:
    contest = await judged(scoring)
    refused(await correct(contest, FIRST, {"dampak": 7}), 409, "not-scored-yet")
    await contest.score(1, FIRST, {"kreativitas": 80, "dampak": 7})
    assert (await correct(contest, FIRST, {"kreativitas": 85})).status_code == 200
    shown = (await contest.judge(FIRST).get(f"/entries/{contest.entries[1]}/scores")).json()
    [stage] = shown["stages"]
    assert {each["criterion_id"]: each["points"] for each in stage["scores"]} == {
        "kreativitas": 85,
        "dampak": 7,
    }
    [trail] = stage["corrections"]
    assert (trail["before"], trail["after"]) == (80, 85)
    assert trail["reason"] == "Tautan kedua baru terbuka."
    [*_, event] = await scoring.outbox("entries", contest.entries[1])
    assert event["data"]["corrects"] is True
    assert "Tautan" not in str(event)


async def test_after_the_deadline_points_are_corrected_but_none_are_new(scoring: Running) -> None:
    contest = await judged(scoring)
    await contest.score(1, FIRST, {"kreativitas": 80})
    scoring.clock.forward(days=21)
    refused(await contest.score(1, FIRST, {"dampak": 7}), 409, "deadline-passed")
    assert (await correct(contest, FIRST, {"kreativitas": 85})).status_code == 200
    await contest.closed(incomplete_reason="Tenggat lewat.")
    refused(await correct(contest, FIRST, {"kreativitas": 90}), 409, "stage-closed")
    shown = (await contest.judge(FIRST).get(f"/entries/{contest.entries[1]}/scores")).json()
    assert [each["points"] for each in shown["stages"][0]["scores"]] == [85]


async def test_if_match_on_a_stages_first_score_is_the_entrys_version(scoring: Running) -> None:
    contest = await judged(scoring)
    version = (await contest.shown())["version"]
    read = (await contest.office.get(f"/entries/{contest.entries[1]}")).headers["etag"]
    assert read == '"1"' != f'"{version}"'

    stale = await contest.score(1, FIRST, {"dampak": 7}, If_Match=f'"{version}"')
    refused(stale, 412, "version-conflict")
    assert (await contest.shown())["version"] == version  # it begins no judging

    scored = await contest.score(1, FIRST, {"dampak": 7}, If_Match=read)
    assert scored.status_code == 200, scored.text


async def test_a_conflicted_judge_is_refused(scoring: Running) -> None:
    contest = await judged(scoring)
    path = f"/entries/{contest.entries[1]}/conflicts"
    declared = await contest.judge(FIRST).post(path, {})
    assert declared.status_code == 200
    refused(await contest.score(1, FIRST, {"dampak": 1}), 409, "conflict-declared")
    refused(await contest.judge(FIRST).post(path, {"stage": 1}), 409, "conflict-declared")
    await contest.score(1, SECOND, {"dampak": 1})
    refused(await contest.judge(SECOND).post(path, {"stage": 1}), 409, "already-scored")
    refused(await contest.judge("lain").post(path, {}), 403, "foreign-judge")
    assert (await contest.judge(SECOND).post(path, {"stage": 2})).status_code == 200


async def test_judges_score_an_entry_at_once(scoring: Running) -> None:
    contest = await judged(scoring)
    answers = await asyncio.gather(
        *(
            contest.score(1, judge_id, {criterion: number})
            for number, judge_id in enumerate(JUDGES)
            for criterion in ("kreativitas", "dampak")
        )
    )
    assert [answer.status_code for answer in answers] == [200] * 6, answers[0].text
    document = await scoring.database["entries"].find_one({"_id": contest.entries[1]})
    assert document is not None
    given = document["state"]["stages"][0]["scores"]
    assert len({(each["judge_id"], each["criterion_id"]) for each in given}) == 6


async def everything_seen(contest: Contest, judge_id: str) -> list[httpx.Response]:
    """Each route that could tell a judge anything about an entry."""
    desk, entry_id = contest.judge(judge_id), contest.entries[1]
    here = f"/competitions/{contest.id}"
    return [
        await desk.get(f"/entries/{entry_id}"),
        await desk.get(f"/entries/{entry_id}/scores"),
        await desk.get(here),
        await desk.get("/competitions"),
        await desk.get(f"{here}/entries"),
        await desk.get(f"{here}/entries", stage=1),
        await desk.get(f"{here}/ranking"),
        await desk.get(f"{here}/ranking", stage=1),
        await desk.get(f"{here}/results"),
        await desk.get(f"{here}/decisions"),
        await desk.get(f"{here}/stages/1/progress"),
        await contest.score(1, judge_id, {"dampak": 6}),
        await correct(contest, judge_id, {"dampak": 5}),
        await contest.score(1, judge_id, {"dampak": 6}),
    ]


def points_in(value: Any) -> set[int]:
    """All whole numbers that stand anywhere in an answer."""
    if isinstance(value, dict):
        return set().union(*(points_in(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(points_in(each) for each in value))
    return {value} if isinstance(value, int) else set()


async def test_no_judge_sees_anothers_scores_before_the_stage_is_closed(scoring: Running) -> None:
    contest = await judged(scoring)
    await contest.score(1, FIRST, {"kreativitas": SECRET - 1})
    assert (await correct(contest, FIRST, {"kreativitas": SECRET})).status_code == 200

    for answer in await everything_seen(contest, SECOND):
        assert not {SECRET, SECRET - 1} & points_in(answer.json()), answer.url
        assert FIRST not in answer.text, answer.url
    outsider = await contest.judge("lain").get(f"/entries/{contest.entries[1]}/scores")
    refused(outsider, 403, "wrong-role")
    office = (await contest.office.get(f"/entries/{contest.entries[1]}/scores")).json()
    assert office["stages"][0]["given"] == {FIRST: 1, SECOND: 1}
    assert (office["stages"][0]["scores"], office["stages"][0]["corrections"]) == ([], [])

    await contest.score(1, SECOND, {"kreativitas": 60})
    await contest.closed(incomplete_reason="Satu juri berhalangan.")
    shown = (await contest.judge(SECOND).get(f"/entries/{contest.entries[1]}/scores")).json()
    assert SECRET in points_in(shown["stages"][0]["scores"])
    assert len(shown["stages"][0]["corrections"]) == 2
