"""The fullest tally that there may be: it refuses more, and its final count still fits."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from kentongan.process.own_commands import own_command
from services.scoring.domain.tallies import (
    MOST_INTERACTIONS,
    MOST_REPLACEMENTS,
    DayVotes,
    finish,
)
from services.scoring.stores import open_stores
from services.scoring.voting.counting import Counting
from services.scoring.voting.tallying import Tallying
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.polls import opened, seen, tally
from tests.support.desk import refused

pytestmark = pytest.mark.days

MONGODB_TAKES = 16 * 1024 * 1024
LONGEST_DAYS, MOST_OPTIONS = 366, 200
MANY = 2**40
"""Needs eight bytes."""


def longest(prefix: str, number: int) -> str:
    """A name of 60 characters, the longest of an option or a platform."""
    return f"{prefix}{number:0{60 - len(prefix)}}"


OPTIONS = [longest("pilihan-", number) for number in range(MOST_OPTIONS)]


async def full_campaign(scoring: Running, office: Any) -> str:
    """A campaign whose tally took all that it takes, each line of its trail the longest."""
    campaign_id = await opened(
        scoring,
        starts_at=(scoring.clock.now - timedelta(days=LONGEST_DAYS - 2)).isoformat(),
        ends_at=(scoring.clock.now + timedelta(hours=1)).isoformat(),
        options=[{"option_id": each, "label": each} for each in OPTIONS],
    )
    path = f"/campaigns/{campaign_id}/interactions"
    named = {"platform": longest("platform-", 0), "option_id": OPTIONS[0]}
    entered = await office.post(path, seen(scoring, 1_000_000_000, **named), Idempotency_Key="k")
    assert entered.status_code == 200
    tallies = scoring.database["tallies"]
    document = await tallies.find_one({"_id": campaign_id})
    assert document is not None
    (day,) = document["state"]["interactions"]
    figures: dict[str, dict[str, dict[str, int]]] = {}
    for number in range(MOST_INTERACTIONS):
        back = timedelta(days=number % (LONGEST_DAYS - 3))
        platforms = figures.setdefault((date.fromisoformat(day) - back).isoformat(), {})
        platforms[longest("platform-", number // (LONGEST_DAYS - 3))] = {OPTIONS[0]: 1_000_000_000}
    await tallies.update_one(
        {"_id": campaign_id},
        {
            "$set": {
                "state.interactions": figures,
                "state.replaced": MOST_REPLACEMENTS,
                "keys": document["keys"] * 20,
            }
        },
    )
    lines = document["decisions"] * (MOST_INTERACTIONS + MOST_REPLACEMENTS)
    await tallies.update_one({"_id": campaign_id}, {"$set": {"decisions": lines}})
    return campaign_id


async def test_a_full_tally_refuses_more_and_its_final_count_fits(scoring: Running) -> None:
    office = scoring.desk("diskominfo", sub="s" * 128)
    campaign_id = await full_campaign(scoring, office)
    path = f"/campaigns/{campaign_id}/interactions"
    named = {"platform": longest("platform-", 0), "option_id": OPTIONS[0]}
    refused(await office.post(path, seen(scoring, 1, **named)), 409, "replacements-full")
    named["option_id"] = OPTIONS[1]
    refused(await office.post(path, seen(scoring, 1, **named)), 409, "interactions-full")

    first = scoring.clock.today() - timedelta(days=LONGEST_DAYS)
    days = [
        DayVotes(
            day=first + timedelta(days=number),
            votes=dict.fromkeys(OPTIONS, MANY),
            suggestions=MANY,
        )
        for number in range(LONGEST_DAYS)
    ]
    stores = open_stores(scoring.database)
    now = scoring.clock.now
    await Tallying(stores, Counting(stores)).change(
        campaign_id, partial(finish, days=days, now=now), own_command("tally.finish", "test", now)
    )
    assert (await tally(scoring, campaign_id))["status"] == "final"
    (measured,) = await stores.tallies.aggregate([{"$project": {"size": {"$bsonSize": "$$ROOT"}}}])
    assert measured["size"] < 0.95 * MONGODB_TAKES
