"""Whom an audience holds, in which feeds its content stands, and who may address whom."""

import pytest

from services.broadcast.domain import errors
from services.broadcast.domain.audiences import Audience, ensure_within
from tests.unit.broadcast.builders import kim


@pytest.mark.parametrize(
    ("audience", "held"),
    [
        (Audience(regions=("36.71",)), True),
        (Audience(regions=("36.71.07",)), True),
        (Audience(regions=("36.71.07.1013",)), True),
        (Audience(regions=("36.71.0",)), False),
        (Audience(regions=("36.7",)), False),
        (Audience(regions=("36.71.01", "36.71.07")), True),
        (Audience(regions=("36.71",), potentials=("wisata", "umkm")), True),
        (Audience(regions=("36.71",), potentials=("wisata",)), False),
        (Audience(regions=("36.71.01",), potentials=("umkm",)), False),
        (Audience(kim_ids=("kim-1",)), True),
        (Audience(kim_ids=("kim-2",)), False),
        (Audience(regions=("36.71",), potentials=("wisata",), kim_ids=("kim-1",)), True),
        (Audience(), False),
    ],
    ids=str,
)
def test_a_group_is_held_by_region_and_potential_or_by_name(audience: Audience, held: bool) -> None:
    assert audience.holds(kim()) is held


@pytest.mark.parametrize("status", ["suspended", "dissolved"])
def test_only_registered_groups_are_addressed(status: str) -> None:
    audience = Audience(regions=("36.71",), kim_ids=("kim-1",))
    assert not audience.holds(kim(status=status))


@pytest.mark.parametrize(
    ("region", "touched"),
    [
        ("36.71", True),
        ("36.71.07", True),
        ("36.71.07.1013", True),
        ("36.71.01", False),
        ("36.71.0", False),
        ("36.72", False),
    ],
)
def test_a_feed_holds_what_is_for_it_around_it_or_within_it(region: str, touched: bool) -> None:
    assert Audience(regions=("36.71.07",)).touches(region) is touched


def test_an_audience_names_somebody() -> None:
    with pytest.raises(errors.AudienceEmpty):
        ensure_within(Audience(potentials=("umkm",)), "36.71")


@pytest.mark.parametrize("region", ["36", "36.7", "36.72", "36.710"])
def test_an_office_addresses_its_own_region(region: str) -> None:
    ensure_within(Audience(regions=("36.71", "36.71.07")), "36.71")
    with pytest.raises(errors.AudienceOutsideRegion) as refusal:
        ensure_within(Audience(regions=("36.71", region)), "36.71")
    assert refusal.value.field == "/audience/regions/1"
