"""A person at the registry's HTTP interface: proposes, completes and registers groups."""

from datetime import timedelta
from typing import Any

import httpx

from tests.support import desk
from tests.support.clock import today

GERENDENG = "36.71.07.1013"


def declaration(**changes: Any) -> dict[str, Any]:
    day = (today() - timedelta(days=30)).isoformat()
    return {"date": day, "not_civil_servant": True, "not_affiliated": True} | changes


def member(role: str, place: int = 0, **changes: Any) -> dict[str, Any]:
    found = {"name": f"Warga Rahasia {place}", "birth_date": "1990-05-17", "role": role}
    if role != "anggota":
        found["declaration"] = declaration()
    return found | changes


def members(count: int = 5) -> list[dict[str, Any]]:
    roles = ["ketua", "sekretaris", "bendahara"] + ["anggota"] * count
    return [member(role, place) for place, role in enumerate(roles[:count])]


def decree(region_code: str = GERENDENG, **changes: Any) -> dict[str, Any]:
    return {
        "number": "148/01/SK/2026",
        "date": (today() - timedelta(days=40)).isoformat(),
        "office": "lurah",
        "region_code": region_code,
        "valid_from": (today() - timedelta(days=30)).isoformat(),
        "valid_until": (today() + timedelta(days=1000)).isoformat(),
    } | changes


class Desk(desk.Desk):
    """The service as one caller uses it; each method is one request, or a stated series."""

    def of(self, headers: dict[str, str]) -> "Desk":
        return Desk(self.client, headers)

    async def propose(self, region_code: str = GERENDENG, **changes: Any) -> str:
        body = {"name": "KIM Gerendeng", "region_code": region_code, "level": "kelurahan"}
        answer = await self.post("/kims", body | {"potentials": ["umkm"]} | changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def complete(self, region_code: str = GERENDENG, count: int = 5) -> str:
        """A submitted group."""
        kim_id = await self.propose(region_code)
        put = await self.put(f"/kims/{kim_id}/members", {"members": members(count)}, 1)
        assert put.status_code == 200, put.text
        put = await self.put(f"/kims/{kim_id}/decree", decree(region_code), 2)
        assert put.status_code == 200, put.text
        submitted = await self.post(f"/kims/{kim_id}/submission")
        assert submitted.status_code == 200, submitted.text
        return kim_id

    async def register(self, kim_id: str, **headers: str) -> httpx.Response:
        return await self.post(f"/kims/{kim_id}/registration", **headers)

    async def registered(self, region_code: str = GERENDENG) -> str:
        """A registered group."""
        kim_id = await self.complete(region_code)
        answer = await self.register(kim_id)
        assert answer.status_code == 200, answer.text
        return kim_id
