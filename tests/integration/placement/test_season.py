"""A season over HTTP: enrolled, briefed, planned, placed, flagged, placed anew."""

import asyncio
from datetime import timedelta

import pytest

from tests.integration.placement.conftest import Running
from tests.integration.placement.desk import Desk
from tests.support.desk import refused

pytestmark = pytest.mark.days


async def test_from_enrolment_to_placement(placement: Running, diskominfo: Desk) -> None:
    for number in range(4):
        await placement.tell_kim(number)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    ids = await diskominfo.briefed(cohort_id, 5)
    plan = await diskominfo.plan(cohort_id)
    assert plan["status"] == "proposed"
    assert plan["balance"] == {
        "kims": 4,
        "kims_without_students": 0,
        "fewest_students": 1,
        "most_students": 2,
        "same_university_pairs": 0,
    }
    assert {line["enrolment_id"] for line in plan["lines"]} == set(ids)
    codes = [reason["code"] for line in plan["lines"] for reason in line["reasons"]]
    assert codes.count("first-student") == 4
    assert "fits-potential" in codes

    confirmed = await diskominfo.confirm(plan, Idempotency_Key="confirm-1")
    assert confirmed.json()["status"] == "confirmed"
    again = await diskominfo.confirm(plan, Idempotency_Key="confirm-1")
    assert (again.json(), again.headers["idempotency-replayed"]) == (confirmed.json(), "true")
    refused(await diskominfo.confirm(plan), 409, "impossible-transition")

    for line in plan["lines"]:
        assert await diskominfo.kim_of(line["enrolment_id"]) == line["kim_id"]
        assert await placement.recorded("enrolments", line["enrolment_id"]) == ["StudentAssigned"]
        document = await placement.database["enrolments"].find_one({"_id": line["enrolment_id"]})
        assert document is not None
        assert "Rahasia" not in str(document["outbox"])

    figures = (await diskominfo.get(f"/cohorts/{cohort_id}/placement")).json()
    assert [each["assigned"] for each in figures["universities"]] == [3, 2]
    (district,) = figures["districts"]
    assert (district["district_code"], district["kims"], district["students"]) == ("36.71.07", 4, 5)


async def test_a_suspended_group_loses_its_students_and_only_they_move(
    placement: Running, diskominfo: Desk
) -> None:
    for number in range(4):
        await placement.tell_kim(number)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    ids = await diskominfo.placed(cohort_id, 6)
    before = {each: await diskominfo.kim_of(each) for each in ids}
    assert await placement.react("flag-assignments") == 0

    await placement.tell_kim(1, "suspended")
    lost = {each for each, kim_id in before.items() if kim_id == "kim-001"}
    assert lost
    assert await placement.react("flag-assignments") == len(lost)
    assert await placement.react("flag-assignments") == 0
    for each in lost:
        shown = (await diskominfo.get(f"/enrolments/{each}")).json()
        assert (shown["status"], shown["flag"]) == ("flagged", "kim-suspended")
        recorded = await placement.recorded("enrolments", each)
        assert recorded == ["StudentAssigned", "AssignmentFlagged"]

    plan = await diskominfo.plan(cohort_id)
    assert plan["moves"] == len(lost)
    assert (await diskominfo.confirm(plan)).status_code == 200
    for each in ids:
        after = await diskominfo.kim_of(each)
        assert (after != before[each]) == (each in lost)
        assert len(await placement.recorded("enrolments", each)) == (3 if each in lost else 1)


async def test_a_reinstated_group_may_have_its_student_back(
    placement: Running, diskominfo: Desk
) -> None:
    await placement.tell_kim(0)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    first, second = await diskominfo.placed(cohort_id, 2)
    await placement.tell_kim(0, "suspended")
    await placement.react("flag-assignments")
    path = f"/enrolments/{first}/reassignment"
    back = {"kim_id": "kim-000", "reason": "KIM aktif kembali"}
    told = refused(await diskominfo.post(path, back), 409, "kim-not-registered", "#/kim_id")
    assert told["detail"] == "KIM Desa 0 tidak dapat menerima mahasiswa: dibekukan."
    assert told["detail_en"] == "KIM Desa 0 can't have students: it is suspended."
    assert told["facts"]["flag"] == "kim-suspended"

    await placement.tell_kim(0)
    cleared = await diskominfo.post(path, back)
    assert (cleared.json()["status"], cleared.json()["flag"]) == ("assigned", None)
    plan = await diskominfo.plan(cohort_id)
    codes = {line["enrolment_id"]: line["reasons"][0]["code"] for line in plan["lines"]}
    assert codes == {first: "stays", second: "stays-flag-cleared"}
    assert (await diskominfo.confirm(plan)).status_code == 200
    assert (await diskominfo.get(f"/enrolments/{second}")).json()["status"] == "assigned"
    trail = (await diskominfo.get(f"/enrolments/{first}/decisions")).json()
    assert trail[-1]["note"] == "KIM aktif kembali"


async def test_a_decree_that_runs_out_flags_too(placement: Running, diskominfo: Desk) -> None:
    ends = placement.clock.today() + timedelta(days=5)
    event_decree = {
        "number": "1/SK",
        "date": "2026-01-12",
        "office": "lurah:36.71.07.1000",
        "valid_from": "2026-01-12",
        "valid_until": ends.isoformat(),
    }
    await placement.tell_kim(0, decree=event_decree)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    ids = await diskominfo.briefed(cohort_id, 1)
    plan = await diskominfo.plan(cohort_id)
    assert plan["lines"][0]["reasons"][-1]["code"] == "decree-ends-in-period"
    await diskominfo.confirm(plan)
    placement.clock.forward(days=4)
    assert await placement.react("flag-assignments") == 0
    placement.clock.forward(days=2)
    assert await placement.react("flag-assignments") == 1
    assert await placement.recorded("enrolments", ids[0]) == [
        "StudentAssigned",
        "AssignmentFlagged",
    ]


async def test_withdrawal_frees_the_seat_and_ends_the_assignment(
    placement: Running, diskominfo: Desk
) -> None:
    await placement.tell_kim(0)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=1)
    first, _ = await diskominfo.placed(cohort_id, 2)
    refused(await diskominfo.enrol(cohort_id, 2), 409, "quota-exceeded", "#/university_id")
    student = placement.desk("student", region=None, student_id=first)
    gone = await student.post(f"/enrolments/{first}/withdrawal", {"reason": "Sakit"})
    assert gone.json()["status"] == "withdrawn"
    recorded = await placement.recorded("enrolments", first)
    assert recorded == ["StudentAssigned", "AssignmentWithdrawn"]
    assert (await diskominfo.enrol(cohort_id, 2)).status_code == 201


async def test_who_had_withdrawn_is_readmitted_on_a_free_seat_and_placed_anew(
    placement: Running, diskominfo: Desk
) -> None:
    await placement.tell_kim(0)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=1)
    first, _ = await diskominfo.placed(cohort_id, 2)
    campus = placement.desk("campus", region=None, university_id="budi-luhur")
    await campus.post(f"/enrolments/{first}/withdrawal", {"reason": "Sakit"})
    third = (await diskominfo.enrol(cohort_id, 2)).json()["id"]
    path = f"/enrolments/{first}/readmission"
    assert "errors" not in refused(await campus.post(path), 409, "quota-exceeded")
    await diskominfo.post(f"/enrolments/{third}/withdrawal", {"reason": "Salah daftar"})

    back = await campus.post(path)
    assert (back.status_code, back.json()["status"]) == (200, "briefed")
    assert await diskominfo.kim_of(first) is None
    refused(await campus.post(path), 409, "impossible-transition")
    refused(await diskominfo.post(f"/enrolments/{third}/readmission"), 409, "quota-exceeded")
    plan = await diskominfo.plan(cohort_id)
    await diskominfo.confirm(plan)
    assert await diskominfo.kim_of(first) is not None
    recorded = await placement.recorded("enrolments", first)
    assert recorded == ["StudentAssigned", "AssignmentWithdrawn", "StudentAssigned"]


async def test_the_last_seat_goes_to_one_of_those_who_come_back_at_once(
    placement: Running, diskominfo: Desk
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=3)
    ids = [(await diskominfo.enrol(cohort_id, number)).json()["id"] for number in (0, 2, 4)]
    for each in ids:
        await diskominfo.post(f"/enrolments/{each}/withdrawal", {"reason": "Sakit"})
    quotas = {"quotas": [{"university_id": "budi-luhur", "students": 1}]}
    assert (await diskominfo.put(f"/cohorts/{cohort_id}/quotas", quotas, 1)).status_code == 200

    tries = [
        diskominfo.post(f"/enrolments/{each}/readmission", Idempotency_Key=each) for each in ids * 3
    ]
    answers = await asyncio.gather(*tries)
    seated = [answer.json()["id"] for answer in answers if answer.status_code == 200]
    assert len(seated) == 3
    assert len(set(seated)) == 1, "one student, whose command was sent three times"
    for answer in answers:
        if answer.status_code != 200:
            refused(answer, 409, "quota-exceeded")


async def test_a_season_that_is_over_lets_its_students_go(
    placement: Running, diskominfo: Desk
) -> None:
    await placement.tell_kim(0)
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort()
    (enrolment_id,) = await diskominfo.placed(cohort_id, 1)
    assert await placement.react("complete-assignments") == 0
    placement.clock.forward(days=51)
    assert await placement.react("complete-assignments") == 1
    document = await placement.database["enrolments"].find_one({"_id": enrolment_id})
    assert document is not None
    assert document["state"]["status"] == "completed"
    assert document["state"]["active_person"] is None
