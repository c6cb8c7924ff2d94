"""Coverage by district against a target, over the real regions."""

import pytest

from services.registry.domain.coverage import Seated, by_district, total
from services.registry.domain.regions import Level
from services.registry.registering.regions import KemendagriRegions


@pytest.mark.parametrize(
    ("city", "districts", "villages"), [("36.71", 13, 104), ("18.72", 5, 22), ("35.74", 5, 29)]
)
async def test_the_citys_districts_and_kelurahan_are_all_there(city, districts, villages):
    found = await KemendagriRegions().districts(city)
    assert len(found) == districts
    assert sum(len(district.villages) for district in found) == villages


async def test_a_kelurahan_carries_its_district_city_and_daily_spelling():
    region = await KemendagriRegions().find("36.71.07.1013")
    assert region is not None
    assert (region.name, region.level, region.district_name) == (
        "Gerendeng",
        Level.KELURAHAN,
        "Karawaci",
    )
    assert region.aliases == ("Grendeng",)


@pytest.mark.parametrize("code", ["36.71", "36.71.99", "36.71.07.9999", "3671071013", "", "36..71"])
async def test_what_is_no_place_for_a_group_is_not_found(code):
    assert await KemendagriRegions().find(code) is None


async def test_coverage_counts_valid_groups_and_names_what_is_missing():
    districts = await KemendagriRegions().districts("36.71")
    karawaci = next(district for district in districts if district.code == "36.71.07")
    standings = ["registered"] * 12 + ["suspended", "expired"]
    seated = [
        Seated(village.code, standing)
        for village, standing in zip(karawaci.villages, standings, strict=False)
    ]
    figures = by_district(districts, seated, target=75)
    found = next(part for part in figures if part.code == "36.71.07")
    assert (found.kelurahan, found.registered, found.suspended, found.expired) == (16, 12, 1, 1)
    assert (found.percent, found.reached) == (75.0, True)
    assert [village.code for village in found.missing] == [
        village.code for village in karawaci.villages[14:]
    ]
    city = total("36.71", "Kota Tangerang", figures, target=75)
    assert (city.kelurahan, city.registered, city.percent, city.reached) == (104, 12, 11.5, False)
    assert len(city.missing) == 90
