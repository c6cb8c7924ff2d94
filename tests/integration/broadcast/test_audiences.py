"""Whom a content would reach: counted before publishing, as the courier will find them."""

import pytest

from kentongan.domain.kims import Kim
from services.broadcast.domain.audiences import Audience
from services.broadcast.read_models import KimDirectory
from tests.integration.broadcast.desk import WRITING, Desk, kim_event
from tests.integration.broadcast.running import Running
from tests.support.desk import refused

NUMBERS = (1, 2, 3, 4, 201, 202, 203, 401)
"""Four groups in the first district, three in the second, one in the third."""


@pytest.fixture
async def groups(broadcast: Running) -> dict[str, Kim]:
    """Registered groups, and two that are not."""
    for number in NUMBERS:
        await broadcast.tell_kim(number)
    await broadcast.tell_kim(5, "suspended")
    await broadcast.tell_kim(204, "dissolved")
    known = await KimDirectory(broadcast.database).page({}, 100)
    return {each.kim.kim_id: each.kim for each in known}


AUDIENCES = (
    Audience(regions=("36.71",)),
    Audience(regions=("36.71.01",)),
    Audience(regions=("36.71.01", "36.71.03")),
    Audience(regions=("36.71.01.1003",)),
    Audience(regions=("36.71",), potentials=("kuliner",)),
    Audience(regions=("36.71.02",), potentials=("kuliner", "umkm")),
    Audience(kim_ids=("kim-002", "kim-401", "kim-005")),
    Audience(regions=("36.71.02",), potentials=("proklim",), kim_ids=("kim-001", "kim-203")),
    Audience(regions=("36.72",)),
)


@pytest.mark.parametrize("audience", AUDIENCES, ids=str)
async def test_count_plan_and_rule_agree(
    broadcast: Running, diskominfo: Desk, groups: dict[str, Kim], audience: Audience
) -> None:
    expected = sorted(kim_id for kim_id, kim in groups.items() if audience.holds(kim))
    directory = KimDirectory(broadcast.database)
    planned: list[str] = []
    while chunk := await directory.addressed_after(audience, planned[-1] if planned else None, 2):
        planned += chunk
    assert planned == expected
    counted = await directory.count_by_district(audience)
    assert sum(each.groups for each in counted) == len(expected)
    if audience.regions != ("36.72",):
        preview = await diskominfo.post("/audience-previews", {"audience": audience.model_dump()})
        assert preview.json()["groups"] == len(expected)


async def test_a_preview_counts_by_district(
    broadcast: Running, diskominfo: Desk, groups: dict[str, Kim]
) -> None:
    body = {"audience": {"regions": ["36.71", "36.71.01"], "kim_ids": ["kim-001"]}}
    assert (await diskominfo.post("/audience-previews", body)).json() == {
        "groups": 8,
        "by_district": [
            {"district_code": "36.71.01", "district_name": "Kecamatan 36.71.01", "groups": 4},
            {"district_code": "36.71.02", "district_name": "Kecamatan 36.71.02", "groups": 3},
            {"district_code": "36.71.03", "district_name": "Kecamatan 36.71.03", "groups": 1},
        ],
    }
    group = broadcast.kim("kim-001")
    refused(await group.post("/audience-previews", body), 403, "wrong-role")


async def test_an_office_addresses_its_own_region(
    broadcast: Running, diskominfo: Desk, groups: dict[str, Kim]
) -> None:
    far = kim_event(900).model_dump(mode="json")["region"] | {"code": "36.72.01.1001"}
    await broadcast.tell_kim(900, region=far)
    for audience, status, rule, pointer in (
        ({}, 422, "audience-empty", "#/audience"),
        ({"regions": ["36.71", "36.72"]}, 422, "audience-outside-region", "#/audience/regions/1"),
        ({"regions": ["36"]}, 422, "audience-outside-region", "#/audience/regions/0"),
        (
            {"kim_ids": ["kim-001", "kim-900"]},
            422,
            "audience-outside-region",
            "#/audience/kim_ids/1",
        ),
        ({"kim_ids": ["kim-001", "kim-777"]}, 409, "not-known-yet", "#/audience/kim_ids/1"),
        ({"kim_ids": [f"kim-{n}" for n in range(501)]}, 422, "validation", "#/audience/kim_ids"),
        ({"regions": ["36.71"] * 51}, 422, "validation", "#/audience/regions"),
    ):
        drafted = {"kind": "information", **WRITING, "audience": audience}
        refused(await diskominfo.post("/contents", drafted), status, rule, pointer)
        previewed = {"audience": audience}
        refused(await diskominfo.post("/audience-previews", previewed), status, rule, pointer)
    district = broadcast.desk("diskominfo", region="36.71.01")
    wide = {"kind": "information", **WRITING, "audience": {"regions": ["36.71"]}}
    refused(await district.post("/contents", wide), 422, "audience-outside-region")
    nowhere = broadcast.desk("diskominfo", region=None)
    refused(
        await nowhere.post("/contents", {"kind": "information", **WRITING}), 403, "foreign-region"
    )


async def test_without_an_audience_it_is_for_the_whole_region(diskominfo: Desk) -> None:
    content = await diskominfo.content(await diskominfo.draft())
    assert content["audience"] == {"regions": ["36.71"], "potentials": [], "kim_ids": []}
