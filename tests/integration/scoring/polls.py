"""Campaigns and their voters at scoring's HTTP interface, and what became of the votes."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count, islice
from typing import Any

import httpx

from kentongan.demo.consistency.topics import TopicReading, read_topics
from kentongan.domain.clock import utc_now
from kentongan.messaging.relay.loop import Relay
from kentongan.settings import KafkaSettings
from kentongan.storage.outbox import Outbox
from tests.integration.scoring.conftest import Running
from tests.support.desk import Desk, refused
from tests.support.waiting import eventually

OPTIONS = ("gerendeng", "sukasari", "cikokol")
SOON_SECONDS = (0.5, 2.0, 8.0, 32.0)
"""How far away an end is set, until a machine is quick enough to vote before it."""


def campaign_body(now: datetime, **changed: Any) -> dict[str, Any]:
    """A campaign that began three days ago and ends in ten, as diskominfo opens it."""
    return {
        "title": "KIM Terfavorit",
        "region_code": "36.71",
        "starts_at": (now - timedelta(days=3)).isoformat(),
        "ends_at": (now + timedelta(days=10)).isoformat(),
        "options": [{"option_id": each, "label": each.title()} for each in OPTIONS],
        "interaction_weight": 2,
    } | changed


async def opened(scoring: Running, **changed: Any) -> str:
    """A campaign's id."""
    region = str(changed.get("region_code", "36.71"))
    body = campaign_body(scoring.clock.now, **changed)
    answer = await scoring.desk("diskominfo", region=region).post("/campaigns", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def nothing(_campaign_id: str) -> None:
    """Between a campaign's opening and its first vote."""


async def ending_soon(
    scoring: Running, beforehand: Callable[[str], Awaitable[None]] = nothing
) -> tuple[str, datetime]:
    """A campaign's id and end, which comes soon, with the vote of "early" (key "v") in time."""
    told_by_clock = scoring.clock.now
    for seconds in SOON_SECONDS:
        scoring.clock.now = told_by_clock
        ends_at = utc_now() + timedelta(seconds=seconds)
        campaign_id = await opened(scoring, ends_at=ends_at.isoformat())
        await beforehand(campaign_id)
        first = await vote(voter(scoring, "early"), campaign_id, Idempotency_Key="v")
        if first.status_code == 201:
            return campaign_id, ends_at
        refused(first, 409, "campaign-over")
    raise AssertionError("no vote came before any end")


async def ended(scoring: Running, ago: timedelta) -> str:
    """A campaign that ended so long ago by the database; a clock far behind opened it."""
    told_by_clock = scoring.clock.now
    ends_at = utc_now() - ago
    scoring.clock.now = ends_at - timedelta(hours=1)
    campaign_id = await opened(scoring, ends_at=ends_at.isoformat())
    scoring.clock.now = told_by_clock
    return campaign_id


async def vote_until_over(scoring: Running, campaign_id: str) -> int:
    """How many votes of new people count, 16 at a time, until one comes too late."""
    numbers, counted, refusals = count(), 0, 0
    while not refusals:
        tries = [
            vote(voter(scoring, number), campaign_id, OPTIONS[number % len(OPTIONS)])
            for number in islice(numbers, 16)
        ]
        for answer in await asyncio.gather(*tries):
            if answer.status_code == 201:
                counted += 1
            else:
                refused(answer, 409, "campaign-over")
                refusals += 1
    return counted


def voter(scoring: Running, number: int | str) -> Desk:
    """A resident: no role, only a subject."""
    return scoring.desk(region=None, sub=f"warga-rahasia-{number}")


async def vote(
    desk: Desk,
    campaign_id: str,
    option: str = "sukasari",
    suggestion: str | None = None,
    **headers: str,
) -> httpx.Response:
    body = {"option_id": option} | ({} if suggestion is None else {"suggestion": suggestion})
    return await desk.post(f"/campaigns/{campaign_id}/votes", body, **headers)


async def tally(scoring: Running, campaign_id: str) -> dict[str, Any]:
    answer = await scoring.public.get(f"/campaigns/{campaign_id}/tally")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def seen(scoring: Running, interactions: int, **changed: Any) -> dict[str, Any]:
    """Today's interactions, as staff enter them."""
    day = scoring.clock.today().isoformat()
    return {
        "day": day,
        "platform": "instagram",
        "option_id": "cikokol",
        "count": interactions,
    } | changed


def told(answers: list[httpx.Response]) -> Counter[tuple[int, str]]:
    """How many were answered how: status and rule, or the day of a vote that counts."""
    return Counter(
        (answer.status_code, answer.json().get("rule") or answer.json()["day"])
        for answer in answers
    )


async def published(scoring: Running, kafka: KafkaSettings) -> TopicReading:
    """What lies in the topic of votes, once all that was recorded is published."""
    relay = Relay(
        service="scoring",
        source="urn:kentongan:36.71:scoring",
        database=scoring.database,
        collections=("votes",),
        kafka=kafka,
    )
    outbox = Outbox(scoring.database, ("votes",))

    async def empty() -> bool:
        return (await outbox.backlog()).count == 0

    await relay.start()
    try:
        await eventually(empty, what="the outbox is empty")
    finally:
        await relay.stop()
    return await read_topics(kafka, ["scoring.votes"])
