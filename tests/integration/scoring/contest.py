"""A contest as the office, the groups and the judges run it, over scoring's HTTP interface."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from kentongan.contracts.broadcast import EXAMPLE as CONTENT
from kentongan.contracts.broadcast import ContentPublished, ContentRetracted
from kentongan.contracts.placement import ActivityVerified
from kentongan.contracts.registry import EXAMPLE as KIM
from kentongan.contracts.registry import KimRegistered, KimState
from kentongan.messaging.read_models.bound import bind
from kentongan.storage.projections.build_markers import BuildMarkers
from kentongan.storage.projections.ledger import Ledger, LedgerEntry
from services.scoring.subscriptions import ACTIVITY_SUBSCRIPTION, COUNTED
from tests.integration.scoring.conftest import Running
from tests.support.desk import Desk
from tests.support.waiting import until_shown

JUDGES = ("juri-1", "juri-2", "juri-3")
CREATIVITY = {"id": "kreativitas", "name": "Kreativitas", "kind": "judged", "weight": 60}
IMPACT = {"id": "dampak", "name": "Dampak", "kind": "judged", "weight": 30, "scale_max": 10}
ACTIVE = {
    "id": "keaktifan",
    "name": "Keaktifan",
    "kind": "activity",
    "weight": 10,
    "activity": {"per_content": 2, "per_activity": 1, "target": 8},
}


def kim_event(number: int, status: str = "registered", **changed: object) -> KimState:
    """A state event of the registry about the group of this number."""
    village = {**KIM["region"], "code": f"36.71.07.{1000 + number}", "name": f"Desa {number}"}
    facts = {
        **KIM,
        "kim_id": f"kim-{number:03}",
        "name": f"KIM Desa {number}",
        "region": village,
        "status": status,
    }
    return KimRegistered.model_validate(facts | changed)


def content_event(content_id: str, kim_id: str, at: datetime, *, retracted: bool = False) -> Any:
    """A state event of broadcast about a group's content."""
    facts = {
        **CONTENT,
        "content_id": content_id,
        "author": "kim",
        "kim_id": kim_id,
        "published_at": at,
        "status": "retracted" if retracted else "published",
    }
    return (ContentRetracted if retracted else ContentPublished).model_validate(facts)


async def doings_are_known(running: Running) -> None:
    """What the consumer says once it has read contents and activities from the beginning."""
    for one in bind(COUNTED, running.database):
        markers = BuildMarkers(running.database)
        await markers.mark_built(one.collection, {}, made_of=one.made_of)


@dataclass
class Contest:
    """One competition on one process; `entries` by the group's number."""

    running: Running
    id: str = ""
    entries: dict[int, str] = field(default_factory=dict)

    @property
    def office(self) -> Desk:
        return self.running.desk("diskominfo")

    def judge(self, judge_id: str) -> Desk:
        return self.running.desk("judge", judge_id=judge_id, sub=f"judge:{judge_id}")

    def group(self, number: int) -> Desk:
        kim_id = f"kim-{number:03}"
        return self.running.desk("kim", kim_id=kim_id, sub=f"kim:{kim_id}")

    def stage(self, *criteria: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
        return {
            "name": "Penilaian",
            "criteria": list(criteria) or [CREATIVITY],
            "judges": list(JUDGES),
            "deadline": (self.running.clock.now + timedelta(days=20)).isoformat(),
            **changed,
        }

    def body(self, *stages: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
        today = self.running.clock.today()
        return {
            "title": "Lomba Kampung Digital",
            "region_code": "36.71",
            "period_start": (today - timedelta(days=30)).isoformat(),
            "period_end": (today + timedelta(days=10)).isoformat(),
            "submissions_until": (self.running.clock.now + timedelta(days=10)).isoformat(),
            "stages": list(stages) or [self.stage()],
            **changed,
        }

    async def open(self, *stages: Mapping[str, Any], **changed: Any) -> "Contest":
        opened = await self.office.post("/competitions", self.body(*stages, **changed))
        assert opened.status_code == 201, opened.text
        self.id = str(opened.json()["id"])
        return self

    async def enter(self, number: int, **headers: str) -> httpx.Response:
        body = {
            "title": f"Karya {number}",
            "summary": "Lapak bersama.",
            "links": ["https://kim.example.id/karya"],
        }
        return await self.group(number).post(f"/competitions/{self.id}/entries", body, **headers)

    async def entered(self, numbers: Iterable[int]) -> "Contest":
        """Registered groups that have entered."""
        for number in numbers:
            await self.running.tell("kims", kim_event(number))
            answer = await self.enter(number)
            assert answer.status_code == 201, answer.text
            self.entries[number] = str(answer.json()["id"])
        return self

    async def score(
        self, number: int, judge_id: str, points: Mapping[str, int], stage: int = 1, **headers: str
    ) -> httpx.Response:
        path = f"/entries/{self.entries[number]}/scores"
        body = {"stage": stage, "points": dict(points)}
        return await self.judge(judge_id).post(path, body, **headers)

    async def scored(self, points: Mapping[int, Mapping[str, int]], stage: int = 1) -> None:
        """Every judge gives an entry these points."""
        for number, given in points.items():
            for judge_id in JUDGES:
                answer = await self.score(number, judge_id, given, stage)
                assert answer.status_code == 200, answer.text

    async def close(self, stage: int = 1, **body: Any) -> httpx.Response:
        return await self.office.post(f"/competitions/{self.id}/stages/{stage}/closing", body)

    async def closed(self, stage: int = 1, **body: Any) -> dict[str, Any]:
        """Close a stage and wait until it is."""
        answer = await self.close(stage, **body)
        assert answer.status_code == 200, answer.text
        return await self.until_closed(stage)

    async def until_closed(self, stage: int = 1) -> dict[str, Any]:
        return await until_shown(
            self.office,
            f"/competitions/{self.id}",
            lambda shown: shown["stages"][stage - 1]["closed_at"] is not None,
        )

    async def shown(self) -> dict[str, Any]:
        return dict((await self.office.get(f"/competitions/{self.id}")).json())

    async def ranking(self, **params: Any) -> list[dict[str, Any]]:
        answer = await self.office.get(f"/competitions/{self.id}/ranking", limit=200, **params)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def ranks(self, **params: Any) -> dict[int, int]:
        """Rank by the group's number."""
        numbers = {entry_id: number for number, entry_id in self.entries.items()}
        return {numbers[each["entry_id"]]: each["rank"] for each in await self.ranking(**params)}

    async def published(self, *prizes: Mapping[str, Any]) -> httpx.Response:
        body = {"prizes": list(prizes)}
        return await self.office.post(f"/competitions/{self.id}/results", body)

    async def verified(self, activity_id: str, number: int, day: str, at: datetime) -> None:
        """What an ActivityVerified tells the ledger."""
        facts = {
            **ActivityVerified.contract.example,
            "activity_id": activity_id,
            "kim_id": f"kim-{number:03}",
            "date": day,
            "verified_at": at,
        }
        event = ActivityVerified.model_validate(facts)
        entry = ACTIVITY_SUBSCRIPTION.entry(event)
        fact = LedgerEntry(activity_id, event.key, 1, event.contract.type, at, entry)
        await Ledger(self.running.database, "activities").apply([fact])
