"""The directory of groups and the coverage: filters, pages, figures."""

from datetime import timedelta

import pytest

from tests.integration.registry.conftest import Running
from tests.integration.registry.desk import GERENDENG, Desk
from tests.support.clock import today
from tests.support.desk import refused

pytestmark = pytest.mark.days


async def test_filters_and_pages_find_every_group_once(registry: Running, diskominfo: Desk):
    codes = [f"36.71.07.{village}" for village in range(1005, 1012)]
    ids = {await diskominfo.registered(code) for code in codes}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await registry.public.get("/kims", region="36.71", limit=3, **cursor)).json()
        assert len(page["items"]) <= 3
        seen += [kim["region"]["code"] for kim in page["items"]]
        if page.get("next_cursor") is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == codes
    assert len(ids) == 7

    async def found(**filters: object) -> int:
        return len((await registry.public.get("/kims", **filters)).json()["items"])

    assert await found(region="36.71.07") == 7
    assert await found(region="36.71.08") == 0
    assert await found(status="registered", potential="umkm", level="kelurahan") == 7
    assert await found(status="suspended") == 0
    assert await found(potential="wisata") == 0
    for wrong in ({"status": "new"}, {"region": "36.7"}, {"cursor": "x"}, {"sort": "name"}):
        assert (await registry.public.get("/kims", **wrong)).status_code in {400, 422}


async def test_a_group_is_found_by_its_daily_spelling(registry: Running, diskominfo: Desk):
    kim_id = await diskominfo.registered()
    for name in ("grendeng", "KIM GRENDENG", "Gerendeng"):
        found = (await registry.public.get("/kims", name=name)).json()["items"]
        assert [kim["id"] for kim in found] == [kim_id]


async def test_an_expired_group_shows_as_such_everywhere(registry: Running, diskominfo: Desk):
    kim_id = await diskominfo.registered()
    await registry.database["kims"].update_one(
        {"_id": kim_id},
        {"$set": {"state.decree.valid_until": (today() - timedelta(days=3)).isoformat()}},
    )
    assert (await registry.public.get(f"/kims/{kim_id}")).json()["status"] == "expired"
    expired = (await registry.public.get("/kims", status="expired")).json()["items"]
    assert [kim["id"] for kim in expired] == [kim_id]
    assert (await registry.public.get("/kims", status="registered")).json()["items"] == []
    coverage = (await registry.public.get("/coverage", region="36.71.07")).json()["total"]
    assert (coverage["registered"], coverage["expired"]) == (0, 1)


async def test_coverage_by_district_against_a_target(registry: Running, diskominfo: Desk):
    await diskominfo.registered(GERENDENG)
    suspended = await diskominfo.registered("36.71.01.1001")
    await diskominfo.post(f"/kims/{suspended}/suspension", {"reason": "tidak aktif"})
    answer = (await registry.public.get("/coverage", region="36.71", target=6)).json()
    assert (answer["total"]["kelurahan"], answer["total"]["registered"]) == (104, 1)
    assert len(answer["districts"]) == 13
    karawaci = next(part for part in answer["districts"] if part["code"] == "36.71.07")
    assert (karawaci["percent"], karawaci["reached"]) == (6.2, True)
    assert GERENDENG not in [village["code"] for village in karawaci["missing"]]
    tangerang = next(part for part in answer["districts"] if part["code"] == "36.71.01")
    assert (tangerang["registered"], tangerang["suspended"]) == (0, 1)
    refused(await registry.public.get("/coverage", region="36.99"), 422, "region-unknown")
    refused(await registry.public.get("/coverage"), 422, "validation")
    refused(await registry.public.get("/coverage", region="36.71", target=101), 422, "validation")


async def test_the_rules_in_force_are_public(registry: Running):
    rules = (await registry.public.get("/rules", region=GERENDENG)).json()
    assert (rules["members_min"], rules["members_max"], rules["name"]) == (3, 30, "default")
