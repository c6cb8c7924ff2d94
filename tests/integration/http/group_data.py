"""Groups in every standing, made over HTTP as the offices make them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from kentongan.testing.running_services import RunningServices
from services.registry.registering.regions import KemendagriRegions
from tests.integration.registry.desk import Desk
from tests.support.clock import today
from tests.support.desk import token

CITY = "36.71"
REASON = {"reason": "Tidak aktif enam bulan."}
OF_EACH = 3


@dataclass(frozen=True)
class StoredGroups:
    """Ids of groups by standing; the last of each may be harmed by a test."""

    by_standing: dict[str, list[str]]

    @property
    def all(self) -> list[str]:
        """Every id, one of each standing in turn."""
        return [kim_id for turn in zip(*self.by_standing.values(), strict=True) for kim_id in turn]


@asynccontextmanager
async def open_desk(base_url: str, headers: dict[str, str]) -> AsyncIterator[Desk]:
    """Somebody with this token at a service's address."""
    async with httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False) as client:
        yield Desk(client, headers)


async def village_codes() -> list[str]:
    """Codes of the city's kelurahan: groups are stored from the last, a cohort's from the first."""
    districts = await KemendagriRegions().districts(CITY)
    return [village.code for district in districts for village in district.villages]


async def store_groups(services: RunningServices, registry: str) -> StoredGroups:
    """Some groups in each standing."""
    codes = await village_codes()
    found: dict[str, list[str]] = {}
    async with open_desk(registry, token("diskominfo")) as desk:

        async def begin(standing: str, code: str) -> str:
            if standing == "proposed":
                return await desk.propose(code)
            if standing in {"submitted", "returned"}:
                return await desk.complete(code)
            return await desk.registered(code)

        for standing in (
            *("proposed", "submitted", "returned"),
            *("registered", "suspended", "dissolved", "expired"),
        ):
            found[standing] = [await begin(standing, codes.pop()) for _ in range(OF_EACH)]
        for kim_id in found["returned"]:
            await _done(desk, f"/kims/{kim_id}/return", {"reasons": ["Nomor SK tidak terbaca."]})
        for kim_id in found["suspended"]:
            await _done(desk, f"/kims/{kim_id}/suspension", REASON)
        for kim_id in found["dissolved"]:
            await _done(desk, f"/kims/{kim_id}/dissolution", REASON)
    async with services.database("registry") as database:
        # Time passes for nobody else: only the stored date makes a group's decree run out.
        await database["kims"].update_many(
            {"_id": {"$in": found["expired"]}},
            {"$set": {"state.decree.valid_until": (today() - timedelta(days=3)).isoformat()}},
        )
    return StoredGroups(found)


async def _done(desk: Desk, path: str, body: Any) -> None:
    answer = await desk.post(path, body)
    assert answer.status_code == 200, answer.text
