"""Results: public once published, with prizes, and recomputable from the event alone."""

from datetime import timedelta

import pytest

from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import (
    ACTIVE,
    CREATIVITY,
    IMPACT,
    JUDGES,
    Contest,
    content_event,
    doings_are_known,
)
from tests.integration.scoring.recomputing import recompute, stated
from tests.support.desk import refused

pytestmark = pytest.mark.days

GIVEN = {
    1: ((90, 8), (71, 9), (80, 7)),
    2: ((90, 8), (70, 9), (80, 7)),
    3: ((60, 5), (60, 5), (61, 5)),
    4: ((90, 8), (71, 9), (80, 7)),
    5: ((10, 1), (20, 2), (30, 3)),
    6: ((88, 8), (74, 8), (79, 8)),
}


async def played(scoring: Running) -> Contest:
    """Two stages: six groups in the first, with what they did; four or more in the second."""
    contest = Contest(scoring)
    await doings_are_known(scoring)
    await contest.open(contest.stage(CREATIVITY, IMPACT, ACTIVE, qualifying=3), contest.stage())
    await contest.entered(GIVEN)
    now = scoring.clock.now
    for number in (1, 3, 4):
        event = content_event(f"c{number}", f"kim-{number:03}", now - timedelta(days=2))
        await scoring.tell("contents", event)
    for number, given in GIVEN.items():
        for judge_id, (creativity, impact) in zip(JUDGES, given, strict=True):
            points = {"kreativitas": creativity, "dampak": impact}
            answer = await contest.score(number, judge_id, points)
            assert answer.status_code == 200, answer.text
    await contest.closed()
    for number, ranked in (await contest.ranks(stage=1)).items():
        if ranked <= 3:
            for judge_id, points_given in zip(JUDGES, (70, 71, 70 + number), strict=True):
                await contest.score(number, judge_id, {"kreativitas": points_given}, stage=2)
    await contest.closed(2)
    return contest


async def test_anyone_can_recompute_the_results_from_the_event_alone(scoring: Running) -> None:
    contest = await played(scoring)
    assert (await contest.published({"name": "Juara 1", "rank": 1})).status_code == 200

    [*_, event] = await scoring.outbox("competitions", contest.id)
    assert event["type"] == "kentongan.scoring.ResultsPublished.v1"
    data = event["data"]
    found = stated(data)
    assert recompute(data) == found
    assert len(found) == data["results"]["entries"] == 6
    assert len({rank for rank, _ in found.values()}) == 6
    # The first three ranks of the first stage, with whom shares the third.
    assert data["stages"][0]["qualified"] == sum(len(stages) == 2 for _, stages in found.values())
    for entry in data["results"]["ranking"]:
        for stage in entry["stages"]:
            for each in stage["criteria"]:
                assert each["points"] == sorted(each["points"])
    assert not [judge_id for judge_id in JUDGES if judge_id in str(data)]


async def test_an_entry_without_points_has_the_fewest_also_when_recomputed(
    scoring: Running,
) -> None:
    contest = Contest(scoring)
    low = {**CREATIVITY, "scale_min": 20}
    await contest.open(contest.stage(low, IMPACT))
    await contest.entered(range(3))
    await contest.scored({0: {"kreativitas": 20, "dampak": 4}, 1: {"kreativitas": 50, "dampak": 4}})
    await contest.score(2, JUDGES[0], {"dampak": 4})
    await contest.closed(incomplete_reason="Dua juri berhalangan hadir.")
    assert (await contest.published()).status_code == 200

    [*_, event] = await scoring.outbox("competitions", contest.id)
    assert recompute(event["data"]) == stated(event["data"])
    assert await contest.ranks() == {1: 1, 0: 2, 2: 2}
    [entry] = [
        each
        for each in event["data"]["results"]["ranking"]
        if each["entry_id"] == contest.entries[2]
    ]
    assert entry["stages"][0]["criteria"][0] == {
        "criterion_id": "kreativitas",
        "points": [],
        "mean": 20.0,
        "counted": None,
    }


async def test_results_are_the_offices_until_they_are_published(scoring: Running) -> None:
    contest = await played(scoring)
    here = f"/competitions/{contest.id}"
    for path in (f"{here}/ranking", f"{here}/results"):
        refused(await scoring.public.get(path), 404, "results-not-published")
        refused(await contest.judge(JUDGES[0]).get(path), 404, "results-not-published")
    before = await contest.ranking()

    answer = await contest.published(
        {"name": "Juara 1", "rank": 1},
        {"name": "Konten Terfavorit", "entry_id": contest.entries[5]},
    )

    assert answer.json()["status"] == "published"
    results = (await scoring.public.get(f"{here}/results")).json()
    assert [(each["name"], each["kim_id"], each["rank"]) for each in results["prizes"]] == [
        ("Juara 1", before[0]["kim_id"], 1),
        ("Konten Terfavorit", "kim-005", None),
    ]
    assert results["ranking"] == before
    pages, cursor = [], None
    while True:
        more: dict[str, str] = {} if cursor is None else {"cursor": cursor}
        page = (await scoring.public.get(f"{here}/ranking", limit=2, **more)).json()
        pages += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert pages == before
    first = (await scoring.public.get(f"{here}/ranking", stage=1, limit=4)).json()
    assert len(first["items"]) == 4
    assert (await scoring.public.get(here)).json()["status"] == "published"
    refused(await contest.published(), 409, "already-published")


async def test_results_need_closed_stages_and_winners_that_exist(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    await contest.entered([1])
    refused(await contest.published(), 409, "stages-open")
    await contest.scored({1: {"kreativitas": 50}})
    await contest.closed()
    refused(await contest.published({"name": "Juara 2", "rank": 2}), 422, "rank-empty")
    unknown = await contest.published({"name": "Favorit", "entry_id": "none"})
    refused(unknown, 422, "entry-unknown", "#/prizes/0/entry_id")
    refused(await contest.published({"name": "Apa"}), 422, "validation")
    elsewhere = scoring.desk("diskominfo", region="36.72")
    refused(await elsewhere.post(f"/competitions/{contest.id}/results", {}), 403, "foreign-region")


async def test_what_a_group_did_is_frozen_at_the_closing(scoring: Running) -> None:
    contest = Contest(scoring)
    await doings_are_known(scoring)
    await contest.open(contest.stage(ACTIVE, judges=["juri-1"]))
    await contest.entered([1, 2])
    now = scoring.clock.now
    before, today = now - timedelta(days=1), scoring.clock.today()
    await scoring.tell("contents", content_event("c1", "kim-001", before))
    await scoring.tell("contents", content_event("c2", "kim-001", before))
    await scoring.tell("contents", content_event("c2", "kim-001", before, retracted=True))
    await scoring.tell("contents", content_event("old", "kim-001", now - timedelta(days=60)))
    await contest.verified("a1", 1, today.isoformat(), before)
    await contest.verified("a2", 2, today.isoformat(), before)
    await contest.verified("old", 2, (today - timedelta(days=60)).isoformat(), before)
    await contest.verified("late", 2, today.isoformat(), now + timedelta(seconds=1))

    await contest.closed()
    await scoring.tell("contents", content_event("c3", "kim-002", before))

    shown = (await contest.office.get(f"/entries/{contest.entries[1]}/scores")).json()
    assert shown["stages"][0]["counted"] == [
        {"criterion_id": "keaktifan", "contents": 1, "activities": 1, "points": 37.5}
    ]
    assert [each["stages"][0]["total"] for each in await contest.ranking()] == [37.5, 12.5]
    contents = (await scoring.public.get("/contents", kim="kim-001")).json()["items"]
    assert [(each["id"], each["status"]) for each in contents] == [
        ("c1", "published"),
        ("c2", "retracted"),
        ("old", "published"),
    ]
    activities = await contest.office.get("/activities", kim="kim-001")
    assert [each["activity_id"] for each in activities.json()["items"]] == ["a1"]
    refused(await scoring.public.get("/activities"), 401, "unauthenticated")
    assert (await scoring.desk("diskominfo", region="36.72").get("/activities")).json()[
        "items"
    ] == []
    kims = (await scoring.public.get("/kims", region="36.71.07")).json()["items"]
    assert [each["id"] for each in kims] == ["kim-001", "kim-002"]
    assert (await scoring.public.get("/kims/kim-001")).headers["etag"] == '"1"'
