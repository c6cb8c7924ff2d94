"""What a group shows: a real region, known potentials, and nothing that leads to a person."""

import pytest

from kentongan.contracts.registry import KimUpdated
from services.registry.domain.decree import set_decree
from services.registry.domain.errors import (
    LevelMismatch,
    LinkNotPublic,
    PersonalDataInPublicText,
    PotentialUnknown,
    RegionUnknown,
)
from services.registry.domain.kim import Link
from services.registry.domain.proposing import propose, set_profile
from services.registry.domain.regions import Level
from tests.unit.registry.builders import (
    GERENDENG,
    KARAWACI,
    NOW,
    RULES,
    decree,
    proposed,
    registered,
)
from tests.unit.registry.scenario import given


def profile(**changes):
    fields = {"name": "KIM Gerendeng", "potentials": ["umkm"], "links": [], "aliases": ["Grendeng"]}
    return lambda kim: set_profile(kim, **(fields | changes), rules=RULES)


def proposing(region, level=Level.KELURAHAN):
    return lambda _: propose(
        "kim-2",
        name="KIM",
        level=level,
        region_code="36.71.99.1001",
        region=region,
        potentials=[],
        links=[],
        rules=RULES,
        now=NOW,
    )


def test_a_group_is_proposed_only_where_there_is_a_region_of_its_level():
    given(proposed()).when(proposing(None)).then_refused(RegionUnknown, field="/region_code")
    given(proposed()).when(proposing(KARAWACI)).then_refused(LevelMismatch, found="kecamatan")
    given(proposed()).when(proposing(GERENDENG, Level.KECAMATAN)).then_refused(LevelMismatch)


def test_a_registered_group_publishes_only_what_changed_in_public():
    changed = given(registered()).when(profile(potentials=["wisata", "umkm", "wisata"]))
    assert changed.then(KimUpdated).state.potentials == ("wisata", "umkm")
    given(changed.decision.state).when(profile(potentials=["wisata", "umkm"])).then(None)
    given(proposed()).when(profile(name="KIM Lain")).then(None, name="KIM Lain")


def test_a_group_is_found_by_every_spelling():
    kim = given(proposed()).when(profile(name="KIM  Cahaya Gerendeng")).then(None).state
    assert kim.names == ("cahaya gerendeng", "gerendeng", "grendeng")


def test_an_unknown_potential_is_named_with_the_known_ones():
    refusal = (
        given(proposed())
        .when(profile(potentials=["umkm", "tambang"]))
        .then_refused(PotentialUnknown, field="/potentials/1", potential="tambang")
    )
    assert "seni-budaya" in refusal.facts["known"]


@pytest.mark.parametrize(
    "text",
    [
        "KIM 0812-3456-7890",
        "KIM +62 812 3456 7890",
        "KIM ketua@example.id",
        "KIM 3671071705900001",
        "KIM 3671 0757 0590 0001",
    ],
)
def test_numbers_of_persons_do_not_enter_public_texts(text):
    given(proposed()).when(profile(name=text)).then_refused(PersonalDataInPublicText, field="/name")
    given(proposed()).when(profile(aliases=["G", text])).then_refused(
        PersonalDataInPublicText, field="/aliases/1"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://wa.me/6281234567890",
        "https://api.whatsapp.com/send?phone=62812",
        "https://user:secret@example.id/",
        "https://m.me/budi",
        "ftp://example.id/",
        "https://",
        "http://[",
    ],
)
def test_links_to_persons_are_refused(url):
    links = [Link(kind="website", url="https://kim.example.id"), Link(kind="website", url=url)]
    given(proposed()).when(profile(links=links)).then_refused(LinkNotPublic, field="/links/1/url")


def test_a_phone_number_hidden_in_an_address_is_found():
    links = [Link(kind="telegram", url="https://t.me/%2B6281234567890")]
    given(proposed()).when(profile(links=links)).then_refused(PersonalDataInPublicText)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/profile.php?id=100086212345678",
        "https://kim.example.id/2026/01/12/kabar",
        "https://www.instagram.com/kim.gerendeng/",
        "https://www.youtube.com/@kimgerendeng",
    ],
)
def test_ordinary_pages_are_welcome(url):
    given(proposed()).when(profile(links=[Link(kind="website", url=url)])).then(None)


@pytest.mark.parametrize(
    "number", ["148/01/SK/2026", "188.45/082-Kel.Grd/2026", "08.148.2026.0112"]
)
def test_numbers_of_decrees_are_not_taken_for_telephones(number):
    given(proposed()).when(
        lambda kim: set_decree(kim, decree(number=number), rules=RULES, now=NOW)
    ).then(None)
