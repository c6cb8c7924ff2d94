"""Who sees whose data: the scope is in the query, and names never leave their parties."""

from typing import Any

import pytest

from tests.integration.placement.conftest import Running
from tests.integration.placement.desk import Desk
from tests.support.desk import refused


@pytest.fixture
async def season(placement: Running, diskominfo: Desk) -> tuple[str, list[str]]:
    """A cohort with two students: budi-luhur and raharja, each alone with a group."""
    for number in range(2):
        await placement.tell_kim(number)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    return cohort_id, await diskominfo.placed(cohort_id, 2)


async def seen(desk: Desk, cohort_id: str) -> list[dict[str, Any]]:
    answer = await desk.get(f"/cohorts/{cohort_id}/enrolments")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_each_party_sees_its_own_students(
    placement: Running, diskominfo: Desk, season: tuple[str, list[str]]
) -> None:
    cohort_id, (first, second) = season
    kim_id = str(await diskominfo.kim_of(second))
    parties = {
        "city": (diskominfo, {first, second}),
        "campus": (placement.desk("campus", region=None, university_id="raharja"), {second}),
        "group": (placement.desk("kim", kim_id=kim_id), {second}),
        "student": (placement.desk("student", region=None, student_id=first), {first}),
        "other city": (placement.desk("diskominfo", region="18.72"), set()),
        "the province": (placement.desk("diskominfo", region="36"), {first, second}),
        "one district": (placement.desk("diskominfo", region="36.71.07"), set()),
        "campus without claim": (placement.desk("campus", region="36.71"), set()),
        "group without claim": (placement.desk("kim", region="36.71"), set()),
    }
    for party, (desk, expected) in parties.items():
        assert {each["id"] for each in await seen(desk, cohort_id)} == expected, party
        for enrolment_id in (first, second):
            answer = await desk.get(f"/enrolments/{enrolment_id}")
            if enrolment_id in expected:
                assert answer.json()["name"].startswith("Nama Rahasia"), party
            else:
                refused(answer, 404, "not-found")
                assert "Rahasia" not in answer.text


async def test_a_group_knows_its_students_without_their_numbers_while_they_are_there(
    placement: Running, diskominfo: Desk, season: tuple[str, list[str]]
) -> None:
    cohort_id, (first, _) = season
    group = placement.desk("kim", kim_id=str(await diskominfo.kim_of(first)))
    (shown,) = await seen(group, cohort_id)
    assert (shown["id"], shown["student_number"]) == (first, None)
    await diskominfo.post(f"/enrolments/{first}/withdrawal", {"reason": "Sakit"})
    assert await seen(group, cohort_id) == []


@pytest.mark.parametrize("role", ["village", "judge"])
async def test_nobody_else_sees_students(
    placement: Running, season: tuple[str, list[str]], role: str
) -> None:
    cohort_id, (first, _) = season
    desk = placement.desk(role)
    refused(await desk.get(f"/cohorts/{cohort_id}/enrolments"), 403, "wrong-role")
    refused(await desk.get(f"/enrolments/{first}"), 403, "wrong-role")
    refused(await placement.public.get(f"/enrolments/{first}"), 401, "unauthenticated")


async def test_commands_outside_ones_scope_change_nothing(
    placement: Running, diskominfo: Desk, season: tuple[str, list[str]]
) -> None:
    cohort_id, (first, second) = season
    foreign = placement.desk("diskominfo", region="18.72")
    campus = placement.desk("campus", region=None, university_id="raharja")
    student = placement.desk("student", region=None, student_id=second)
    leave = {"reason": "Sakit"}
    path = f"/enrolments/{first}/withdrawal"
    refused(await foreign.post(path, leave), 403, "foreign-region")
    refused(await campus.post(path, leave), 403, "not-own")
    refused(await student.post(path, leave), 403, "not-own")
    refused(await campus.enrol(cohort_id, 4), 403, "not-own")
    refused(await foreign.enrol(cohort_id, 4), 403, "foreign-region")
    refused(await campus.post(f"/cohorts/{cohort_id}/plans", {}), 403, "wrong-role")
    refused(await foreign.post(f"/cohorts/{cohort_id}/plans", {}), 403, "foreign-region")
    move = {"kim_id": "kim-000", "reason": "x"}
    answer = await foreign.post(f"/enrolments/{first}/reassignment", move)
    refused(answer, 403, "foreign-region")
    assert (await diskominfo.get(f"/enrolments/{first}")).json()["version"] == 3


async def test_anyone_reads_the_groups_with_their_version(placement: Running) -> None:
    for number in range(5):
        await placement.tell_kim(number)
    await placement.tell_kim(3, "suspended")
    page = (await placement.public.get("/kims", region="36.71", limit=2)).json()
    found = page["items"]
    while page["next_cursor"]:
        page = (
            await placement.public.get("/kims", region="36.71", limit=2, cursor=page["next_cursor"])
        ).json()
        found += page["items"]
    assert [each["id"] for each in found] == [f"kim-{number:03}" for number in range(5)]
    assert [each["version"] for each in found] == [1, 1, 1, 2, 1]
    assert [each["accepts_students"] for each in found] == [True, True, True, False, True]
    assert found[3]["flag"] == "kim-suspended"

    fitting = (await placement.public.get("/kims", potential="kuliner", status="registered")).json()
    assert [each["id"] for each in fitting["items"]] == ["kim-000", "kim-002", "kim-004"]
    assert (await placement.public.get("/kims", region="36.7")).status_code == 422
    assert (await placement.public.get("/kims", region="36")).json()["items"]
    one = await placement.public.get("/kims/kim-003")
    assert one.headers["etag"] == '"2"'
    refused(await placement.public.get("/kims/kim-404"), 404, "not-found")
    refused(await placement.public.get("/kims", cursor="x"), 400, "invalid-cursor")
    refused(await placement.public.get("/kims", potential="Judi?"), 422, "validation")
    # A city's own potential, of which only the registry's rules know.
    await placement.tell_kim(5, potentials=["bahari"])
    own = (await placement.public.get("/kims", potential="bahari")).json()
    assert [each["id"] for each in own["items"]] == ["kim-005"]


async def test_cohorts_are_for_those_who_take_part(
    placement: Running, diskominfo: Desk, season: tuple[str, list[str]]
) -> None:
    cohort_id, _ = season
    campus = placement.desk("campus", region=None, university_id="raharja")
    other = placement.desk("campus", region=None, university_id="elsewhere")
    assert (await campus.get(f"/cohorts/{cohort_id}")).json()["capacity_per_kim"] == 3
    refused(await other.get(f"/cohorts/{cohort_id}"), 404, "not-found")
    assert (await other.get("/cohorts")).json()["items"] == []
    assert len((await diskominfo.get("/cohorts")).json()["items"]) == 1
    figures = await campus.get(f"/cohorts/{cohort_id}/placement")
    assert "Rahasia" not in figures.text
