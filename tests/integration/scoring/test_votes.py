"""One vote a day: for each person, by the campaign's own midnight, until the database's end."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from tests.integration.scoring.conftest import Running
from tests.integration.scoring.polls import (
    ending_soon,
    opened,
    tally,
    told,
    vote,
    vote_until_over,
    voter,
)
from tests.support.desk import refused

pytestmark = pytest.mark.days


async def test_a_person_votes_once_a_day(scoring: Running) -> None:
    campaign_id, resident = await opened(scoring), voter(scoring, 1)
    first = await vote(resident, campaign_id)
    assert first.status_code == 201
    assert first.json()["option_id"] == "sukasari"
    refused(await vote(resident, campaign_id), 409, "already-voted-today")
    refused(await vote(resident, campaign_id, "cikokol"), 409, "already-voted-today")
    scoring.clock.forward(days=1)
    assert (await vote(resident, campaign_id, "cikokol")).status_code == 201
    assert (await vote(voter(scoring, 2), campaign_id, "cikokol")).status_code == 201
    other = await opened(scoring)
    assert (await vote(resident, other, "cikokol")).status_code == 201

    figures = await tally(scoring, campaign_id)
    assert figures["votes"] == 3
    assert [(one["option_id"], one["votes"]) for one in figures["options"]] == [
        ("cikokol", 2),
        ("sukasari", 1),
        ("gerendeng", 0),
    ]


async def test_any_role_may_vote_and_nobody_without_a_token(scoring: Running) -> None:
    campaign_id = await opened(scoring)
    for desk in (
        scoring.desk("kim", sub="k", kim_id="k"),
        scoring.desk("diskominfo", region="18.72", sub="d"),
    ):
        assert (await vote(desk, campaign_id)).status_code == 201
    refused(await vote(scoring.public, campaign_id), 401, "unauthenticated")


@pytest.mark.parametrize("region_code", ["36.71", "73.71", "91.71"])
async def test_around_midnight_one_counts_per_person_and_day(
    scoring: Running, second_scoring: Running, region_code: str
) -> None:
    """Everybody tries again and again at two processes, one of which is a second behind."""
    campaign_id = await opened(scoring, region_code=region_code)
    midnight = scoring.clock.midnight(days=2, region_code=region_code)
    today = scoring.clock.today(region_code)
    days = [(today + timedelta(days=number)).isoformat() for number in (1, 2)]
    scoring.clock.now = midnight - timedelta(seconds=1)
    answers = []
    for _ in range(6):
        second_scoring.clock.now = scoring.clock.now - timedelta(seconds=1)
        tries = [
            vote(voter(process, number), campaign_id)
            for number in range(12)
            for process in (scoring, second_scoring, scoring)
        ]
        answers += await asyncio.gather(*tries)
        scoring.clock.forward(milliseconds=500)

    assert told(answers) == {
        (201, days[0]): 12,
        (201, days[1]): 12,
        (409, "already-voted-today"): 6 * 36 - 24,
    }
    shown = await tally(scoring, campaign_id)
    assert [(one["day"], one["votes"]) for one in shown["days"]] == [
        (day, {"sukasari": 12}) for day in days
    ]
    per_day = Counter([one["state"]["day"] async for one in scoring.database["votes"].find()])
    assert per_day == dict.fromkeys(days, 12)


async def test_many_clients_at_once_make_one_vote_each(
    scoring: Running, second_scoring: Running
) -> None:
    campaign_id = await opened(scoring)
    tries = [
        vote(voter(process, number % 40), campaign_id, option)
        for number in range(80)
        for process in (scoring, second_scoring)
        for option in ("sukasari", "cikokol")
    ]
    answers = told(list(await asyncio.gather(*tries)))
    assert sum(n for (status, _), n in answers.items() if status == 201) == 40
    assert answers[409, "already-voted-today"] == 280
    assert (await tally(scoring, campaign_id))["votes"] == 40


async def test_a_retry_is_answered_as_the_first_time(scoring: Running) -> None:
    campaign_id, resident = await opened(scoring), voter(scoring, 1)
    scoring.clock.now = scoring.clock.midnight(days=2) - timedelta(minutes=5)
    first = await vote(resident, campaign_id, Idempotency_Key="v")
    tries = [vote(resident, campaign_id, Idempotency_Key="v") for _ in range(10)]
    for again in await asyncio.gather(*tries):
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["Idempotency-Replayed"] == "true"
    changed = await vote(resident, campaign_id, "cikokol", Idempotency_Key="v")
    refused(changed, 422, "idempotency-key-reused")
    somebody = await vote(voter(scoring, 2), campaign_id, Idempotency_Key="v")
    assert somebody.json()["id"] != first.json()["id"]

    scoring.clock.forward(minutes=10)
    after_midnight = await vote(resident, campaign_id, Idempotency_Key="v")
    assert (after_midnight.status_code, after_midnight.json()) == (201, first.json())
    new_day = await vote(resident, campaign_id, Idempotency_Key="w")
    assert new_day.status_code == 201
    assert new_day.json()["day"] != first.json()["day"]
    assert (await tally(scoring, campaign_id))["votes"] == 3


async def test_before_the_start_nobody_votes(scoring: Running) -> None:
    starts_at = scoring.clock.now + timedelta(hours=2)
    campaign_id = await opened(scoring, starts_at=starts_at.isoformat())
    refused(await vote(voter(scoring, 1), campaign_id), 409, "campaign-not-open")
    assert await scoring.database["votes"].count_documents({}) == 0
    scoring.clock.forward(hours=2, seconds=1)
    assert (await vote(voter(scoring, 1), campaign_id)).status_code == 201


async def test_an_unknown_option_names_the_field(scoring: Running) -> None:
    campaign_id = await opened(scoring)
    refused(await vote(voter(scoring, 1), campaign_id, "x"), 422, "option-unknown", "#/option_id")
    long = await vote(voter(scoring, 1), campaign_id, suggestion="x" * 501)
    refused(long, 422, "validation", "#/suggestion")
    refused(await vote(voter(scoring, 1), "unknown"), 404, "not-found")
    assert await scoring.database["votes"].count_documents({}) == 0
    assert (await vote(voter(scoring, 1), campaign_id)).status_code == 201


@pytest.mark.parametrize("wrong_by", [timedelta(hours=-3), timedelta(hours=3)])
async def test_the_end_is_the_databases_whatever_the_process_says(
    scoring: Running, wrong_by: timedelta
) -> None:
    """New people vote without a pause until the end is told."""

    async def let_it_be_wrong(_campaign_id: str) -> None:
        scoring.clock.now += wrong_by

    campaign_id, ends_at = await ending_soon(scoring, let_it_be_wrong)
    counted = 1 + await vote_until_over(scoring, campaign_id)

    shown = await tally(scoring, campaign_id)
    assert shown["votes"] == counted
    votes = await scoring.database["votes"].find({"state.campaign_id": campaign_id}).to_list(None)
    in_time = [one for one in votes if one["state"]["cast_at"] < ends_at]
    assert len(in_time) == counted
    for one in votes:
        is_in_time = one["state"]["cast_at"] < ends_at
        assert one["state"]["counted"] == is_in_time == bool(one["outbox"])


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(hours=20)])
async def test_a_process_whose_clock_is_ahead_at_the_end_takes_no_second_vote(
    scoring: Running, second_scoring: Running, ahead: timedelta
) -> None:
    """By the database's clock the end is two days away: whatever is written now would count."""
    ends_at = scoring.clock.midnight(days=2)
    last_day = (scoring.clock.today() + timedelta(days=1)).isoformat()
    campaign_id = await opened(scoring, ends_at=ends_at.isoformat())
    scoring.clock.now = ends_at - timedelta(milliseconds=1)
    second_scoring.clock.now = ends_at + ahead
    first = await vote(voter(scoring, 1), campaign_id, Idempotency_Key="v")
    assert (first.status_code, first.json()["day"]) == (201, last_day)

    resident = voter(second_scoring, 1)
    refused(await vote(resident, campaign_id), 409, "campaign-over")
    refused(await vote(resident, campaign_id, Idempotency_Key="w"), 409, "campaign-over")
    again = await vote(resident, campaign_id, Idempotency_Key="v")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    changed = await vote(resident, campaign_id, "cikokol", Idempotency_Key="v")
    refused(changed, 422, "idempotency-key-reused")
    somebody = await vote(voter(second_scoring, 2), campaign_id)
    assert (somebody.status_code, somebody.json()["day"]) == (201, last_day)
    refused(await vote(voter(scoring, 2), campaign_id), 409, "already-voted-today")

    shown = await tally(scoring, campaign_id)
    assert [(one["day"], one["votes"]) for one in shown["days"]] == [(last_day, {"sukasari": 2})]


async def test_after_the_end_votes_leave_nothing_behind_but_a_retry_is_answered(
    scoring: Running,
) -> None:
    campaign_id, _ = await ending_soon(scoring)
    await vote_until_over(scoring, campaign_id)
    left = await scoring.database["votes"].count_documents({})
    for late in range(20):
        refused(await vote(voter(scoring, f"late-{late}"), campaign_id), 409, "campaign-over")
    assert await scoring.database["votes"].count_documents({}) == left
    again = await vote(voter(scoring, "early"), campaign_id, Idempotency_Key="v")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    refused(await vote(voter(scoring, "early"), campaign_id), 409, "campaign-over")
