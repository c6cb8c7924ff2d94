"""Rules that span groups, under concurrency: numbers without gaps, one group a kelurahan."""

import asyncio
from itertools import cycle

from services.registry.registering.regions import KemendagriRegions
from tests.integration.registry.conftest import Running
from tests.integration.registry.desk import Desk
from tests.support.desk import refused


async def kelurahan(count: int) -> list[str]:
    districts = await KemendagriRegions().districts("36.71")
    return [village.code for district in districts for village in district.villages][:count]


async def test_32_registrations_at_once_by_two_processes_have_no_gap_and_no_repeat(
    registry: Running, second_registry: Running
):
    desks = [registry.desk("diskominfo"), second_registry.desk("diskominfo")]
    ids = await asyncio.gather(*(desks[0].complete(code) for code in await kelurahan(32)))
    answers = await asyncio.gather(
        *(desk.register(kim_id) for desk, kim_id in zip(cycle(desks), ids, strict=False))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["nik_komunitas"] for answer in answers) == [
        f"36.71-{number:04d}" for number in range(1, 33)
    ]


async def test_a_refused_registration_leaves_no_gap(diskominfo: Desk):
    codes = await kelurahan(3)
    await diskominfo.registered(codes[0])
    refused(
        await diskominfo.register(await diskominfo.propose(codes[1])), 409, "impossible-transition"
    )
    rival = await diskominfo.complete(codes[0])
    refused(await diskominfo.register(rival), 409, "seat-taken")
    third = await diskominfo.complete(codes[2])
    assert (await diskominfo.register(third)).json()["nik_komunitas"] == "36.71-0002"


async def test_cities_count_apart(registry: Running, diskominfo: Desk):
    metro = registry.desk("diskominfo", region="18.72")
    await diskominfo.registered()
    kim_id = await metro.complete("18.72.01.1001")
    assert (await metro.register(kim_id)).json()["nik_komunitas"] == "18.72-0001"


async def test_of_rivals_for_one_kelurahan_exactly_one_is_registered(
    registry: Running, second_registry: Running, diskominfo: Desk
):
    desks = [registry.desk("diskominfo"), second_registry.desk("diskominfo")]
    rivals = await asyncio.gather(*(diskominfo.complete() for _ in range(8)))
    answers = await asyncio.gather(
        *(desk.register(kim_id) for desk, kim_id in zip(cycle(desks), rivals, strict=False))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    for answer in answers:
        if answer.status_code == 409:
            problem = refused(answer, 409, "seat-taken")
            assert problem["facts"]["region"] == "Gerendeng"


async def test_the_seat_is_held_while_suspended_and_free_after_dissolution(diskominfo: Desk):
    holder = await diskominfo.registered()
    rival = await diskominfo.complete()
    await diskominfo.post(f"/kims/{rival}/return", {"reasons": ["tunggu"]})
    warned = (await diskominfo.post(f"/kims/{rival}/submission")).json()["warnings"]
    assert [warning["code"] for warning in warned] == ["seat-taken"]
    assert "Gerendeng" in warned[0]["detail"]
    assert "Gerendeng" in warned[0]["detail_en"]
    await diskominfo.post(f"/kims/{holder}/suspension", {"reason": "tidak aktif"})
    refused(await diskominfo.register(rival), 409, "seat-taken")
    await diskominfo.post(f"/kims/{holder}/dissolution", {"reason": "bubar"})
    assert (await diskominfo.register(rival)).json()["nik_komunitas"] == "36.71-0002"


async def test_a_kecamatan_group_stands_beside_its_kelurahan_groups(diskominfo: Desk):
    await diskominfo.registered()
    kim_id = await diskominfo.propose("36.71.07", level="kecamatan", name="KIM Karawaci")
    assert (await diskominfo.get(f"/kims/{kim_id}")).json()["level"] == "kecamatan"
    refused(
        await diskominfo.post(
            "/kims", {"name": "KIM", "region_code": "36.71.07", "level": "kelurahan"}
        ),
        422,
        "level-mismatch",
        "#/level",
    )
