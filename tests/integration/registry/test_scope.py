"""Who may do and see what: roles, regions, the own group, and the public."""

import pytest

from tests.integration.registry.conftest import Running
from tests.integration.registry.desk import GERENDENG, Desk, decree, members
from tests.support.desk import refused


async def test_a_foreign_region_is_refused_and_nothing_is_written(
    registry: Running, diskominfo: Desk
):
    kim_id = await diskominfo.propose()
    for foreign in (
        registry.desk("diskominfo", region="18.72"),
        registry.desk("village", region="36.71.07.1012"),
        registry.desk("diskominfo", region=None),
    ):
        body = {"name": "KIM", "region_code": GERENDENG, "level": "kelurahan"}
        refused(await foreign.post("/kims", body), 403, "foreign-region")
        put = await foreign.put(f"/kims/{kim_id}/members", {"members": members()}, 1)
        refused(put, 403, "foreign-region")
        refused(await foreign.get(f"/kims/{kim_id}/members"), 403, "foreign-region")
        refused(await foreign.get(f"/kims/{kim_id}/decisions"), 403, "foreign-region")
        refused(await foreign.get(f"/kims/{kim_id}"), 404, "not-found")
    assert (await diskominfo.get(f"/kims/{kim_id}")).json()["version"] == 1


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("registration", None),
        ("return", {"reasons": ["SK buram"]}),
        ("suspension", {"reason": "tidak aktif"}),
        ("reinstatement", None),
        ("dissolution", {"reason": "bubar"}),
    ],
)
async def test_only_the_citys_own_office_decides_on_standing(
    registry: Running, diskominfo: Desk, command: str, body: object
):
    kim_id = await diskominfo.complete()
    for desk, status, rule in (
        (registry.public, 401, "unauthenticated"),
        (registry.desk("village"), 403, "wrong-role"),
        (registry.desk("kim", kim_id=kim_id), 403, "wrong-role"),
        (registry.desk("diskominfo", region="36.72"), 403, "foreign-region"),
    ):
        refused(await desk.post(f"/kims/{kim_id}/{command}", body), status, rule)
    assert (await diskominfo.get(f"/kims/{kim_id}")).json()["status"] == "submitted"


async def test_a_board_keeps_its_own_group_and_no_other(registry: Running, diskominfo: Desk):
    own, other = await diskominfo.propose(), await diskominfo.propose()
    board = registry.desk("kim", region=None, kim_id=own)
    assert (await board.put(f"/kims/{own}/members", {"members": members()}, 1)).status_code == 200
    assert (await board.put(f"/kims/{own}/decree", decree(), 2)).status_code == 200
    assert (await board.post(f"/kims/{own}/submission")).status_code == 200
    refused(await board.put(f"/kims/{other}/members", {"members": members()}, 1), 403, "not-own")
    refused(await board.get(f"/kims/{other}/members"), 403, "not-own")
    listed = (await board.get("/kims")).json()["items"]
    assert [kim["id"] for kim in listed] == [own]


async def test_the_public_sees_registered_groups_without_a_person(
    registry: Running, diskominfo: Desk
):
    draft, kim_id = await diskominfo.propose(), await diskominfo.registered()
    listed = await registry.public.get("/kims")
    assert [kim["id"] for kim in listed.json()["items"]] == [kim_id]
    shown = await registry.public.get(f"/kims/{kim_id}")
    assert shown.json()["nik_komunitas"] == "36.71-0001"
    assert shown.json()["member_count"] == 5
    assert shown.headers["etag"] == '"5"'
    assert "Rahasia" not in listed.text + shown.text
    refused(await registry.public.get(f"/kims/{draft}"), 404, "not-found")
    refused(await registry.public.get(f"/kims/{kim_id}/members"), 401, "unauthenticated")
    student = registry.desk("student")
    refused(await student.get(f"/kims/{kim_id}/members"), 403, "wrong-role")
    officer = await registry.desk("village", region="36.71.07").get("/kims")
    assert {kim["id"] for kim in officer.json()["items"]} == {draft, kim_id}
