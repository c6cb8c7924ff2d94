"""Registry and scoring alone: a group that registers enters, is scored, wins, and shows it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from tests.support.clock import today
from tests.support.desk import Desk, token
from tests.support.office import open_office
from tests.support.persistence import Persistence
from tests.support.waiting import eventually

JUDGES = {"juri-1": 80, "juri-2": 91}
"""And the points that each gives."""
ENTRY = {
    "title": "Lapak digital",
    "summary": "Toko bersama bagi UMKM kelurahan.",
    "links": ["https://kim.example.id/lapak"],
}


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    await services.prepare()
    yield services
    await services.remove()


async def test_the_prize_of_a_group_shows_on_its_page(services: RunningServices) -> None:
    registry, scoring = services.process("registry"), services.process("scoring")
    await services.start(registry, scoring)
    async with open_office(registry.base_url, seed=3673) as office:
        group = await office.register_one()
    assert await awards(registry, group.id) == []
    async with httpx.AsyncClient(base_url=scoring.base_url, trust_env=False, timeout=30) as http:
        diskominfo = desk(http, "diskominfo")
        competition = f"/competitions/{(await done(diskominfo, '/competitions', body()))['id']}"
        members = desk(http, "kim", region=None, kim_id=group.id)
        # Scoring learns of the group from the topic; until then it says to come again.
        entered = await Persistence().until_told(
            lambda key: members.post(f"{competition}/entries", ENTRY, Idempotency_Key=key)
        )
        assert entered.status_code == httpx.codes.CREATED, entered.text
        for judge_id, points in JUDGES.items():
            judge = desk(http, "judge", judge_id=judge_id)
            score = {"stage": 1, "points": {"kreativitas": points}}
            await done(judge, f"/entries/{entered.json()['id']}/scores", score)

        await done(diskominfo, f"{competition}/stages/1/closing", {})
        await eventually(lambda: closed(diskominfo, competition), what="the stage is closed")
        prizes = {
            "prizes": [
                {"name": "Juara 1", "rank": 1},
                {"name": "Karya terfavorit", "entry_id": entered.json()["id"]},
            ]
        }
        await done(diskominfo, f"{competition}/results", prizes)

        results = await Desk(http, {}, now).get(f"{competition}/results")
        assert results.status_code == httpx.codes.OK, results.text

    async def shown() -> bool:
        return bool(await awards(registry, group.id))

    await eventually(shown, what="the awards on the group's page")
    won = [
        (each["competition"], each["prize"], each["rank"])
        for each in await awards(registry, group.id)
    ]
    assert won == [
        ("Lomba Kampung Digital", "Juara 1", 1),
        ("Lomba Kampung Digital", "Karya terfavorit", None),
    ]


def body() -> dict[str, Any]:
    """A competition of one stage."""
    day, later = today(), (now() + timedelta(days=10)).isoformat()
    criterion = {"id": "kreativitas", "name": "Kreativitas", "kind": "judged", "weight": 100}
    stage = {"name": "Final", "criteria": [criterion], "judges": list(JUDGES), "deadline": later}
    return {
        "title": "Lomba Kampung Digital",
        "region_code": "36.71",
        "period_start": (day - timedelta(days=30)).isoformat(),
        "period_end": (day + timedelta(days=5)).isoformat(),
        "submissions_until": later,
        "stages": [stage],
    }


def desk(http: httpx.AsyncClient, role: str, **claims: Any) -> Desk:
    return Desk(http, token(role, **claims), now)


async def done(by: Desk, path: str, sent: Any) -> dict[str, Any]:
    answer = await by.post(path, sent)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def closed(diskominfo: Desk, competition: str) -> bool:
    (stage,) = (await diskominfo.get(competition)).json()["stages"]
    return stage["closed_at"] is not None


async def awards(registry: ServiceProcess, kim_id: str) -> list[dict[str, Any]]:
    """What the public is shown on the group's page."""
    async with httpx.AsyncClient(base_url=registry.base_url, trust_env=False) as http:
        return list((await http.get(f"/v1/kims/{kim_id}")).raise_for_status().json()["awards"])


def now() -> datetime:
    return utc_now()
