"""The final count: a grace after the end by the database's clock, and the topic's own figure."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import NoReturn

import httpx
import pytest
import structlog

from kentongan.domain.calendar import day_in
from kentongan.settings import KafkaSettings
from kentongan.storage.errors import StorageUnavailable
from kentongan.testing.environment import Backends
from services.scoring.voting.counting import Counting
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.polls import (
    ended,
    ending_soon,
    opened,
    published,
    seen,
    tally,
    vote,
    vote_until_over,
    voter,
)
from tests.support.clock import CITY, Clock
from tests.support.desk import refused
from tests.support.running import run
from tests.support.waiting import eventually

pytestmark = pytest.mark.days

MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def quick(
    request: pytest.FixtureRequest, stack: Backends, mongo_database_name: str
) -> AsyncIterator[Running]:
    """Scoring with a short grace, in seconds."""
    grace = getattr(request, "param", 0.4)
    async for running in run(
        Running, stack, mongo_database_name, Clock(), scoring_vote_grace_seconds=grace
    ):
        yield running


@pytest.mark.parametrize("quick", [5.0], indirect=True)
async def test_the_final_figures_are_the_events_of_the_topic(
    quick: Running, kafka: KafkaSettings
) -> None:
    """People vote without a pause until the end; the days kept before are not believed."""
    campaign_id, _ = await ending_soon(quick)
    counted_by_answers = 1 + await vote_until_over(quick, campaign_id)
    provisional = await tally(quick, campaign_id)
    assert (provisional["status"], provisional["counted_at"]) == ("provisional", None)
    office = quick.desk("diskominfo")
    path = f"/campaigns/{campaign_id}/interactions"
    assert (await office.post(path, seen(quick, 7))).status_code == 200, "within the grace"

    async def is_final() -> bool:
        await quick.react("finish-campaigns")
        return bool((await tally(quick, campaign_id))["status"] == "final")

    await eventually(is_final, what="the count is final")
    final = await tally(quick, campaign_id)
    reading = await published(quick, kafka)
    events = [event.data for event in reading.distinct("scoring.votes")]
    counted = Counter((event["day"], event["option_id"]) for event in events)
    assert counted == Counter(
        {(day["day"], one): n for day in final["days"] for one, n in day["votes"].items()}
    )
    assert final["votes"] == len(events) == provisional["votes"] == counted_by_answers
    assert final["interactions"] == 7
    assert await quick.database["voting_days"].count_documents({}) == 0

    refused(await office.post(path, seen(quick, 8)), 409, "tally-final")
    assert await quick.react("finish-campaigns") == 0
    assert await quick.react("keep-voting-days") == 0
    assert await tally(quick, campaign_id) == final
    trail = (await office.get(f"/campaigns/{campaign_id}/decisions")).json()
    assert [line["command"] for line in trail if line["actor"].startswith("reaction:")] == [
        "tally.finish"
    ]


async def test_days_kept_too_early_do_not_spoil_the_final_count(quick: Running) -> None:
    async def keep_today(campaign_id: str) -> None:
        await vote(voter(quick, "first"), campaign_id)
        quick.clock.forward(days=2)
        assert await quick.react("keep-voting-days") > 0
        quick.clock.forward(days=-2)

    campaign_id, _ = await ending_soon(quick, keep_today)

    async def finished() -> bool:
        return bool(await quick.react("finish-campaigns"))

    await eventually(finished, what="the count is final")
    assert (await tally(quick, campaign_id))["votes"] == 2


async def test_a_process_whose_clock_is_ahead_finishes_nothing_early(quick: Running) -> None:
    campaign_id = await opened(quick)
    assert (await vote(voter(quick, 1), campaign_id)).status_code == 201
    quick.clock.forward(days=30)
    assert await quick.react("finish-campaigns") == 0
    assert (await tally(quick, campaign_id))["status"] == "provisional"


async def test_the_first_vote_after_the_end_wakes_the_final_count(quick: Running) -> None:
    campaign_id, _ = await ending_soon(quick)
    counted = 1 + await vote_until_over(quick, campaign_id)

    async def is_final() -> bool:
        return bool((await tally(quick, campaign_id))["status"] == "final")

    await eventually(is_final, what="the count is final")
    assert (await tally(quick, campaign_id))["votes"] == counted


async def test_for_a_day_after_the_end_staff_enter_the_last_days_interactions(
    scoring: Running,
) -> None:
    """With the settings as they come."""
    yesterday, before = [await ended(scoring, timedelta(hours=hours)) for hours in (23, 25)]
    assert await scoring.react("finish-campaigns") == 1

    async def enter(campaign_id: str) -> httpx.Response:
        path = f"/campaigns/{campaign_id}"
        ends_at = datetime.fromisoformat((await scoring.public.get(path)).json()["ends_at"])
        last_day = day_in(CITY, ends_at - MOMENT).isoformat()
        figure = seen(scoring, 7, day=last_day)
        return await scoring.desk("diskominfo").post(f"{path}/interactions", figure)

    assert (await enter(yesterday)).status_code == 200
    refused(await enter(before), 409, "tally-final")
    assert (await tally(scoring, yesterday))["interactions"] == 7


async def test_a_campaign_that_cant_be_finished_keeps_no_other_waiting(quick: Running) -> None:
    """The first campaign's tally has no room left for its final count."""
    broken, other = sorted([await ended(quick, timedelta(hours=1)) for _ in range(2)])
    full = {
        "state": {"campaign_id": broken},
        "version": 1,
        "filler": "x" * (16 * 1024 * 1024 - 200),
    }
    await quick.database["tallies"].insert_one({"_id": broken, **full})
    with structlog.testing.capture_logs() as logs:
        assert await quick.react("finish-campaigns") == 1
    assert (await tally(quick, other))["status"] == "final"
    assert [line["campaign_id"] for line in logs if line["event"] == "campaign.finish_failed"] == [
        broken
    ]

    await quick.database["tallies"].update_one({"_id": broken}, {"$unset": {"filler": 1}})
    assert await quick.react("finish-campaigns") == 1
    assert (await tally(quick, broken))["status"] == "final"


async def test_a_campaign_whose_days_cant_be_kept_keeps_no_other_waiting(quick: Running) -> None:
    quick.clock.set_hour(10)
    broken, _ = sorted([await opened(quick), await opened(quick)])
    await quick.database["voting_days"].insert_one({"_id": "broken", "campaign_id": broken})
    assert await quick.react("keep-voting-days") == 3
    await quick.database["voting_days"].delete_one({"_id": "broken"})
    assert await quick.react("keep-voting-days") == 3


@pytest.mark.parametrize("reaction", ["finish-campaigns", "keep-voting-days"])
async def test_a_database_that_is_away_is_told(
    quick: Running, monkeypatch: pytest.MonkeyPatch, reaction: str
) -> None:
    await ended(quick, timedelta(hours=1))

    async def away(*_: object) -> NoReturn:
        raise StorageUnavailable("away")

    monkeypatch.setattr(Counting, "_counted", away)
    with pytest.raises(StorageUnavailable):
        await quick.react(reaction)
