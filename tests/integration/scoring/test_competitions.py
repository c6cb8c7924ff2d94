"""Competitions are opened and changed by their region's office, and seen by everybody."""

from datetime import timedelta

import pytest

from services.scoring.domain.ranking import TIE_RULE
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import CREATIVITY, IMPACT, JUDGES, Contest
from tests.support.desk import Desk, refused

pytestmark = pytest.mark.days


async def test_everybody_sees_a_competition_and_only_the_office_who_judges(
    scoring: Running,
) -> None:
    contest = await Contest(scoring).open()
    for desk, judges in ((scoring.public, None), (contest.office, list(JUDGES))):
        answer = await desk.get(f"/competitions/{contest.id}")
        assert answer.headers["etag"] == '"1"'
        shown = answer.json()
        assert shown["tie_rule"] == TIE_RULE
        assert shown["stages"][0]["judges"] == judges
        assert shown["stages"][0]["criteria"][0] == {
            **CREATIVITY,
            "scale_min": 0,
            "scale_max": 100,
            "activity": None,
        }
    listed = (await scoring.public.get("/competitions", region="36.71", status="open")).json()
    assert [each["id"] for each in listed["items"]] == [contest.id]
    assert (await scoring.public.get("/competitions", region="36.7")).status_code == 422
    assert (await scoring.public.get("/competitions", region="36.72")).json()["items"] == []
    missing = await scoring.public.get("/competitions/none")
    refused(missing, 404, "not-found")


async def test_who_may_open_one(scoring: Running, diskominfo: Desk) -> None:
    contest = Contest(scoring)
    body = contest.body()
    refused(await scoring.public.post("/competitions", body), 401, "unauthenticated")
    for role in ("kim", "judge", "campus"):
        refused(await scoring.desk(role).post("/competitions", body), 403, "wrong-role")
    elsewhere = scoring.desk("diskominfo", region="36.72")
    refused(await elsewhere.post("/competitions", body), 403, "foreign-region")
    first = await diskominfo.post("/competitions", body, Idempotency_Key="k1")
    again = await diskominfo.post("/competitions", body, Idempotency_Key="k1")
    assert (first.json(), again.headers["idempotency-replayed"]) == (again.json(), "true")


async def test_what_does_not_fit_together_is_refused_with_its_place(
    scoring: Running, diskominfo: Desk
) -> None:
    contest = Contest(scoring)
    reversed_scale = {**CREATIVITY, "scale_min": 10, "scale_max": 10}
    cases = (
        (contest.body(period_end="2020-01-01"), "period-reversed", "#/period_end"),
        (
            contest.body(contest.stage(), contest.stage(reversed_scale)),
            "scale-reversed",
            "#/stages/1/criteria/0/scale_max",
        ),
        (
            contest.body(contest.stage(CREATIVITY, CREATIVITY)),
            "criterion-repeated",
            "#/stages/0/criteria/1/id",
        ),
        (
            contest.body(contest.stage({**CREATIVITY, "kind": "activity"})),
            "criterion-misdescribed",
            "#/stages/0/criteria/0/activity",
        ),
        (
            contest.body(contest.stage(judges=["a", "a"])),
            "judge-repeated",
            "#/stages/0/judges/1",
        ),
        (
            contest.body(contest.stage(deadline="2020-01-01T00:00:00Z")),
            "deadlines-unordered",
            "#/stages/0/deadline",
        ),
        (contest.body(stages=[]), "validation", "#/stages"),
        (contest.body(*[contest.stage()] * 7), "validation", "#/stages"),
        (contest.body(contest.stage(judges=["Budi Santoso"])), "validation", None),
    )
    for body, rule, pointer in cases:
        refused(await diskominfo.post("/competitions", body), 422, rule, pointer)


async def test_a_first_stage_whose_deadline_has_passed_is_not_opened(
    scoring: Running, diskominfo: Desk
) -> None:
    contest = Contest(scoring)
    soon = (scoring.clock.now + timedelta(hours=1)).isoformat()
    body = contest.body(contest.stage(deadline=soon), submissions_until=soon)
    opened = await diskominfo.post("/competitions", body, Idempotency_Key="in-time")
    assert opened.status_code == 201, opened.text
    scoring.clock.forward(hours=2)
    late = await diskominfo.post("/competitions", body)
    refused(late, 409, "deadline-passed", "#/stages/0/deadline")
    again = await diskominfo.post("/competitions", body, Idempotency_Key="in-time")
    assert again.json() == opened.json()


async def test_a_rubric_is_replaced_until_somebody_is_scored_by_it(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    path, body = f"/competitions/{contest.id}/stages/1/rubric", {"criteria": [CREATIVITY, IMPACT]}
    refused(await contest.office.put(path, body), 428, "precondition-missing")
    refused(await contest.office.put(path, body, 7), 412, "version-conflict")
    elsewhere = scoring.desk("diskominfo", region="36.72")
    refused(await elsewhere.put(path, body, 1), 403, "foreign-region")
    assert (await contest.office.put(path, body, 1)).headers["etag"] == '"2"'
    await contest.entered([1])
    refused(await contest.score(1, JUDGES[0], {"kreativitas": 999}), 422, "points-off-scale")
    newest = (await contest.shown())["version"]
    assert (await contest.office.put(path, body, newest)).status_code == 200

    assert (await contest.score(1, JUDGES[0], {"dampak": 7})).status_code == 200

    newest = (await contest.shown())["version"]
    refused(await contest.office.put(path, body, newest), 409, "judging-begun")
    unknown = f"/competitions/{contest.id}/stages/2/rubric"
    refused(await contest.office.put(unknown, body, newest), 404, "stage-unknown")


async def test_judges_may_join_while_a_stage_is_judged(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    await contest.entered([1])
    await contest.score(1, JUDGES[0], {"kreativitas": 70})
    path = f"/competitions/{contest.id}/stages/1/judges"
    newest = (await contest.shown())["version"]
    refused(await contest.office.put(path, {"judges": ["x"]}, newest), 409, "judging-begun")
    refused(await contest.score(1, "x", {"kreativitas": 70}), 403, "foreign-judge")
    added = await contest.office.put(path, {"judges": [*JUDGES, "x"]}, newest)
    assert added.status_code == 200
    assert (await contest.score(1, "x", {"kreativitas": 70})).status_code == 200


async def test_the_office_sees_who_decided_what(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    await contest.entered([1])
    await contest.score(1, JUDGES[0], {"kreativitas": 73})
    path = f"/competitions/{contest.id}/decisions"
    decisions = await contest.office.get(path)
    assert [each["command"] for each in decisions.json()] == [
        "competition.open",
        "competition.begin-judging",
    ]
    assert "73" not in str([each["note"] for each in decisions.json()])
    refused(await scoring.public.get(path), 401, "unauthenticated")
    refused(await contest.judge(JUDGES[1]).get(path), 403, "wrong-role")
