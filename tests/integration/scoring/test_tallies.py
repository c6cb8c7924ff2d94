"""The tally: live at any time, by the public formula, its closed days kept once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.scoring.stores import open_stores
from services.scoring.voting.counting import Counting
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.polls import opened, seen, tally, vote, voter
from tests.support.desk import Desk, refused

pytestmark = pytest.mark.days


async def test_interactions_count_by_the_public_formula_and_replace(
    scoring: Running, diskominfo: Desk
) -> None:
    campaign_id = await opened(scoring, interaction_weight=3)
    path = f"/campaigns/{campaign_id}/interactions"
    assert (await vote(voter(scoring, 1), campaign_id, "cikokol")).status_code == 201
    entries = [seen(scoring, 10), seen(scoring, 5, platform="tiktok"), seen(scoring, 4)]
    for number, body in enumerate(entries, start=1):
        recorded = await diskominfo.post(path, body, Idempotency_Key=f"i{number}")
        again = await diskominfo.post(path, body, Idempotency_Key=f"i{number}")
        assert (recorded.status_code, recorded.json()) == (200, again.json())
        assert recorded.json() == {"id": campaign_id, "version": number}

    shown = await tally(scoring, campaign_id)
    assert (shown["formula_en"], shown["interaction_weight"]) == (
        "score = votes + 3 × interactions",
        3,
    )
    assert shown["options"][0] == {
        "option_id": "cikokol",
        "label": "Cikokol",
        "votes": 1,
        "interactions": 9,
        "score": 28,
        "rank": 1,
    }
    (day,) = shown["days"]
    assert (day["votes"], day["interactions"]) == ({"cikokol": 1}, {"cikokol": 9})
    trail = (await diskominfo.get(f"/campaigns/{campaign_id}/decisions")).json()
    assert [line["command"] for line in trail] == ["campaign.open"] + 3 * ["interactions.record"]
    assert trail[-1]["note"].endswith("instagram cikokol: 4")


async def test_an_equal_figure_is_answered_and_writes_nothing(
    scoring: Running, diskominfo: Desk
) -> None:
    campaign_id = await opened(scoring)
    path = f"/campaigns/{campaign_id}/interactions"
    first = await diskominfo.post(path, seen(scoring, 10), Idempotency_Key="first")
    written = await scoring.database["tallies"].find_one({"_id": campaign_id})
    for key in ({}, {"Idempotency_Key": "again"}, {"Idempotency_Key": "again"}):
        equal = await diskominfo.post(path, seen(scoring, 10), **key)
        assert (equal.status_code, equal.json()) == (200, first.json())
        assert equal.headers["ETag"] == first.headers["ETag"] == '"1"'
        assert "Idempotency-Replayed" not in equal.headers
    assert await scoring.database["tallies"].find_one({"_id": campaign_id}) == written

    other = await diskominfo.post(path, seen(scoring, 11), Idempotency_Key="again")
    assert (other.status_code, other.json()["version"]) == (200, 2)
    replayed = await diskominfo.post(path, seen(scoring, 10), Idempotency_Key="first")
    assert (replayed.json(), replayed.headers["Idempotency-Replayed"]) == (first.json(), "true")
    reused = await diskominfo.post(path, seen(scoring, 11), Idempotency_Key="first")
    refused(reused, 422, "idempotency-key-reused")
    assert (await tally(scoring, campaign_id))["interactions"] == 11


async def test_first_interactions_of_many_at_once_are_all_kept(
    scoring: Running, diskominfo: Desk
) -> None:
    campaign_id = await opened(scoring)
    path = f"/campaigns/{campaign_id}/interactions"
    tries = [diskominfo.post(path, seen(scoring, 2, platform=f"p{n}")) for n in range(4)]
    assert {answer.status_code for answer in await asyncio.gather(*tries)} == {200}
    assert (await tally(scoring, campaign_id))["interactions"] == 8


async def test_interactions_that_are_refused(scoring: Running, diskominfo: Desk) -> None:
    campaign_id = await opened(scoring)
    path = f"/campaigns/{campaign_id}/interactions"
    unknown = await diskominfo.post(path, seen(scoring, 1, option_id="x"))
    refused(unknown, 422, "option-unknown", "#/option_id")
    outside = await diskominfo.post(path, seen(scoring, 1, day="2020-01-01"))
    refused(outside, 422, "day-outside-campaign", "#/day")
    ahead = (scoring.clock.today() + timedelta(days=1)).isoformat()
    refused(await diskominfo.post(path, seen(scoring, 1, day=ahead)), 422, "day-ahead", "#/day")
    refused(await diskominfo.post(path, seen(scoring, -1)), 422, "validation", "#/count")
    other = scoring.desk("diskominfo", region="18.72")
    refused(await other.post(path, seen(scoring, 1)), 403, "foreign-region")
    refused(await voter(scoring, 1).post(path, seen(scoring, 1)), 403, "wrong-role")
    assert await scoring.database["tallies"].count_documents({}) == 0


async def test_days_that_are_over_are_counted_once_and_kept(scoring: Running) -> None:
    scoring.clock.set_hour(10)
    campaign_id = await opened(scoring)
    for day in range(3):
        for number in range(4 + day):
            suggestion = "Usul" if number == 0 else None
            option = "sukasari" if number % 2 else "cikokol"
            answer = await vote(voter(scoring, number), campaign_id, option, suggestion)
            assert answer.status_code == 201
        scoring.clock.forward(days=1)
    before = await tally(scoring, campaign_id)
    assert [sum(day["votes"].values()) for day in before["days"]] == [4, 5, 6]

    scoring.clock.forward(days=-1)
    kept = await scoring.react("keep-voting-days")
    assert kept == 3 + 2, "every day from the first to yesterday, with or without votes"
    assert await scoring.react("keep-voting-days") == 0
    assert await tally(scoring, campaign_id) == before
    days = await scoring.database["voting_days"].find().to_list(None)
    assert before["days"][2]["day"] not in {day["day"] for day in days}

    late = await vote(voter(scoring, "late"), campaign_id, "gerendeng")
    assert late.status_code == 201
    shown = await tally(scoring, campaign_id)
    assert shown["votes"] == before["votes"] + 1
    assert shown["days"][:2] == before["days"][:2]


async def test_a_day_is_kept_no_earlier_than_a_grace_after_its_midnight(scoring: Running) -> None:
    scoring.clock.set_hour(10)
    await opened(scoring, starts_at=scoring.clock.now.isoformat())
    scoring.clock.forward(hours=14, seconds=59)
    assert await scoring.react("keep-voting-days") == 0
    scoring.clock.forward(seconds=1)
    assert await scoring.react("keep-voting-days") == 1


async def test_votes_are_counted_from_the_index_alone(
    scoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign_id, other = await opened(scoring), await opened(scoring)
    for number in range(6):
        for each in (campaign_id, other):
            assert (await vote(voter(scoring, number), each)).status_code == 201
    stores = open_stores(scoring.database)
    asked: list[list[dict[str, Any]]] = []
    real = stores.votes.aggregate

    async def noted(pipeline: Any) -> list[dict[str, Any]]:
        asked.append(list(pipeline))
        return await real(pipeline)

    monkeypatch.setattr(type(stores.votes), "aggregate", lambda _, pipeline: noted(pipeline))
    counting = Counting(stores)
    await counting.live(campaign_id)
    await counting.anew(campaign_id)
    await counting.keep(campaign_id, [scoring.clock.today()])
    assert len(asked) == 3
    for pipeline in asked:
        command = {"aggregate": "votes", "pipeline": pipeline, "cursor": {}}
        plan = await scoring.database.command(
            {"explain": command, "verbosity": "executionStats"},
        )
        assert _figure(plan, "totalDocsExamined") == 0, pipeline
        assert _figure(plan, "totalKeysExamined") <= 8, pipeline


def _figure(plan: Any, name: str) -> int:
    """The first figure of this name anywhere in an explanation."""
    found = [inner[name] for inner in _documents(plan) if name in inner]
    assert found, f"{name} is not told"
    return int(found[0])


def _documents(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _documents(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _documents(inner)
