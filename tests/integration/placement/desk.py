"""A person at placement's HTTP interface, and a season as the office runs one."""

from datetime import date, timedelta
from typing import Any

import httpx

from kentongan.contracts.registry import EXAMPLE, KimRegistered, KimState
from kentongan.domain.calendar import day_in
from tests.support import desk
from tests.support.clock import CITY
from tests.support.waiting import until_shown

UNIVERSITIES = {"budi-luhur": "Universitas Budi Luhur", "raharja": "Universitas Raharja"}
POTENTIALS = (["kuliner"], ["umkm"], ["wisata", "kuliner"], ["proklim"])


def kim_event(number: int, status: str, today: date, **changed: object) -> KimState:
    """A state event of the registry about the group of this number."""
    village = {**EXAMPLE["region"], "code": f"36.71.07.{1000 + number}", "name": f"Desa {number}"}
    decree = {**EXAMPLE["decree"], "valid_until": (today + timedelta(days=900)).isoformat()}
    facts = {
        **EXAMPLE,
        "kim_id": f"kim-{number:03}",
        "name": f"KIM Desa {number}",
        "region": village,
        "potentials": POTENTIALS[number % len(POTENTIALS)],
        "status": status,
        "decree": decree,
    }
    return KimRegistered.model_validate(facts | changed)


class Desk(desk.Desk):
    """The service as one caller uses it; each method is one request, or a stated series."""

    async def upload(self, cohort_id: str, content: bytes, **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(
            f"/v1/cohorts/{cohort_id}/enrolments/import",
            content=content,
            headers={**self.headers, "Content-Type": "text/csv", **sent},
        )

    async def universities(self) -> None:
        for university_id, name in UNIVERSITIES.items():
            added = await self.post("/universities", {"id": university_id, "name": name})
            assert added.status_code == 201, added.text

    async def cohort(self, quota: int = 20, **changed: Any) -> str:
        today = day_in(CITY, self.clock())
        body = {
            "name": "Pendampingan KIM",
            "kind": "kkn",
            "region_code": "36.71",
            "period_start": (today - timedelta(days=10)).isoformat(),
            "period_end": (today + timedelta(days=50)).isoformat(),
            "briefing_date": (today - timedelta(days=12)).isoformat(),
            "quotas": [{"university_id": each, "students": quota} for each in UNIVERSITIES],
        }
        opened = await self.post("/cohorts", body | changed)
        assert opened.status_code == 201, opened.text
        return str(opened.json()["id"])

    async def enrol(
        self, cohort_id: str, number: int, key: str | None = None, **changed: Any
    ) -> httpx.Response:
        body = {
            "university_id": sorted(UNIVERSITIES)[number % 2],
            "student_number": f"22101140{number:02}",
            "name": f"Nama Rahasia {number}",
            "study_programme": "Gizi" if number % 2 else "Manajemen",
        }
        headers = {} if key is None else {"Idempotency_Key": key}
        return await self.post(f"/cohorts/{cohort_id}/enrolments", body | changed, **headers)

    async def briefed(self, cohort_id: str, students: int) -> list[str]:
        """Students enrolled and briefed, by number."""
        enrolled = [await self.enrol(cohort_id, number) for number in range(students)]
        assert {answer.status_code for answer in enrolled} == {201}, enrolled[0].text
        ids = [str(answer.json()["id"]) for answer in enrolled]
        await self.attend(cohort_id, ids)
        return ids

    async def attend(self, cohort_id: str, ids: list[str]) -> dict[str, Any]:
        path = f"/cohorts/{cohort_id}/briefing/attendance"
        noted = await self.put(path, {"enrolment_ids": ids})
        assert noted.status_code == 200, noted.text
        return dict(noted.json())

    async def plan(self, cohort_id: str, **body: Any) -> dict[str, Any]:
        """A plan, once it is computed."""
        asked = await self.post(f"/cohorts/{cohort_id}/plans", body)
        assert asked.status_code == 202, asked.text
        return await self.computed(str(asked.json()["id"]))

    async def computed(self, plan_id: str) -> dict[str, Any]:
        return await until_shown(
            self, f"/plans/{plan_id}", lambda plan: plan["status"] != "computing"
        )

    async def confirm(self, plan: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.post(f"/plans/{plan['id']}/confirmation", **headers)

    async def placed(self, cohort_id: str, students: int) -> list[str]:
        """Students enrolled, briefed, planned and confirmed, by number."""
        ids = await self.briefed(cohort_id, students)
        plan = await self.plan(cohort_id)
        assert plan["status"] == "proposed", plan
        confirmed = await self.confirm(plan)
        assert confirmed.status_code == 200, confirmed.text
        return ids

    async def kim_of(self, enrolment_id: str) -> str | None:
        shown = (await self.get(f"/enrolments/{enrolment_id}")).json()
        return shown["assignment"]["kim_id"] if shown["assignment"] else None
