"""The generated papers: the same for the same seed, in order except where they must not be."""

import csv
import io
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from kentongan.demo.city.cohort import COLUMNS, STUDENTS, UNIVERSITIES, draw_file, quotas
from kentongan.demo.city.contents import POTENTIAL_TITLES, of_group
from kentongan.demo.city.contest import final_points, final_rubric, first_points, first_rubric
from kentongan.demo.city.groups import (
    FEWEST_MEMBERS,
    MOST_MEMBERS,
    POTENTIALS,
    Flaw,
    draw_dossiers,
)
from kentongan.demo.city.places import CityUnknown, load_city
from kentongan.demo.city.voters import draw_voters

pytestmark = pytest.mark.days

TODAY = date(2026, 9, 22)


@pytest.mark.parametrize(
    ("code", "districts", "villages"), [("36.71", 13, 104), ("18.72", 5, 22), ("35.74", 5, 29)]
)
def test_cities_have_all_their_kelurahan(code: str, districts: int, villages: int) -> None:
    city = load_city(code)
    assert (len(city.districts), len(city.villages)) == (districts, villages)


@pytest.mark.parametrize("code", ["36", "36.71.07", "99.99", "tangerang"])
def test_what_is_no_city_is_refused(code: str) -> None:
    with pytest.raises(CityUnknown):
        load_city(code)


def test_the_same_seed_gives_the_same_season_and_another_seed_another() -> None:
    villages = load_city("36.71").villages
    assert draw_dossiers(villages, seed=1, today=TODAY) == draw_dossiers(
        villages, seed=1, today=TODAY
    )
    assert draw_dossiers(villages, seed=1, today=TODAY) != draw_dossiers(
        villages, seed=2, today=TODAY
    )
    assert draw_file(seed=1, students=STUDENTS).content == draw_file(seed=1, students=114).content


@pytest.mark.parametrize("count", [4, 11, 104])
def test_every_village_hands_in_papers_and_each_flaw_appears(count: int) -> None:
    villages = load_city("36.71").villages[:count]
    dossiers, seconds = draw_dossiers(villages, seed=5, today=TODAY)
    assert [one.village for one in dossiers] == list(villages)
    assert {one.flaw for one in dossiers} >= set(Flaw)
    assert seconds
    assert not {one.village for one in seconds} & {one.village for one in dossiers if one.flaw}


def test_papers_are_in_order_once_the_flaw_is_mended() -> None:
    dossiers, _ = draw_dossiers(load_city("36.71").villages, seed=5, today=TODAY)
    for dossier in dossiers:
        members = dossier.members()["members"]
        persons = {(one["name"], one["birth_date"]) for one in members}
        assert FEWEST_MEMBERS <= len(members) == len(persons) <= MOST_MEMBERS
        assert all(one["declaration"]["not_civil_servant"] for one in members[:3])
        decree = dossier.decree()
        assert (decree["office"], decree["region_code"]) == ("lurah", dossier.village.code)
        assert decree["valid_from"] < TODAY.isoformat() < decree["valid_until"]


def test_the_file_is_as_excel_writes_it_and_holds_every_student_once() -> None:
    file = draw_file(seed=3, students=STUDENTS)
    assert file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 1 + STUDENTS + len(file.bad)
    assert len({student.number for student in file.students}) == STUDENTS


@pytest.mark.parametrize("students", [12, 114, 500])
def test_quotas_add_up_and_leave_nobody_out(students: int) -> None:
    shares = quotas(students)
    assert sum(shares.values()) == students
    assert set(shares) == {university.id for university in UNIVERSITIES}
    assert min(shares.values()) >= 1


def test_a_group_tells_of_a_potential_that_it_has() -> None:
    village = load_city("36.71").villages[0]
    for seed in range(40):
        wordings = of_group(village, ("kwt", "umkm"), Random(seed))
        assert wordings[0].kind == "potential"
        assert set(wordings[0].tags) <= {"kwt", "umkm"}
        assert {one.kind for one in wordings[1:]} <= {"achievement"}
        assert all(village.name in one.title for one in wordings)


def test_every_potential_has_its_wording() -> None:
    assert set(POTENTIAL_TITLES) == set(POTENTIALS)


@pytest.mark.parametrize(
    ("rubric", "points"), [(first_rubric, first_points), (final_rubric, final_points)]
)
def test_points_are_for_the_judged_criteria_and_on_their_scales(
    rubric: Callable[[], list[dict[str, Any]]], points: Callable[[Random], dict[str, int]]
) -> None:
    judged = {one["id"]: one for one in rubric() if one["kind"] == "judged"}
    for seed in range(40):
        given = points(Random(seed))
        assert given.keys() == judged.keys()
        for name, value in given.items():
            assert judged[name]["scale_min"] <= value <= judged[name]["scale_max"]


def test_voters_are_different_persons_who_choose_what_there_is() -> None:
    voters = draw_voters(Random(1), ["a", "b"], 500)
    assert len({voter.subject for voter in voters}) == 500
    assert {voter.option for voter in voters} == {"a", "b"}
    assert 0 < sum(voter.repeats for voter in voters) < 60
    assert any(voter.suggestion for voter in voters)
    assert voters == draw_voters(Random(1), ["a", "b"], 500)
