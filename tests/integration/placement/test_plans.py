"""Plans over HTTP: what makes one stale, outdated or impossible, and who resumes one."""

from typing import Any

from kentongan.domain.clock import utc_now
from tests.integration.placement.conftest import Running
from tests.integration.placement.desk import Desk
from tests.support.desk import refused


async def ready(placement: Running, diskominfo: Desk, kims: int = 2, **cohort: Any) -> str:
    for number in range(kims):
        await placement.tell_kim(number)
    await diskominfo.universities()
    return await diskominfo.cohort(**cohort)


async def test_a_plan_whose_groups_are_gone_names_them(
    placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo)
    ids = await diskominfo.briefed(cohort_id, 2)
    plan = await diskominfo.plan(cohort_id)
    await placement.tell_kim(1, "dissolved")
    problem = refused(await diskominfo.confirm(plan), 409, "plan-stale")
    assert problem["facts"]["kims"] == [
        {"id": "kim-001", "name": "KIM Desa 1", "flag": "kim-dissolved"}
    ]
    assert "KIM Desa 1" in problem["detail"]
    assert [await diskominfo.kim_of(each) for each in ids] == [None, None]
    thrown = await diskominfo.post(f"/plans/{plan['id']}/discard")
    assert thrown.json()["status"] == "discarded"


async def test_a_plan_whose_students_changed_is_refused_whole(
    placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo)
    first, second = await diskominfo.briefed(cohort_id, 2)
    plan = await diskominfo.plan(cohort_id)
    await diskominfo.post(f"/enrolments/{first}/withdrawal", {"reason": "Sakit"})
    problem = refused(await diskominfo.confirm(plan), 409, "plan-outdated")
    assert problem["facts"]["enrolments"] == [first]
    assert await diskominfo.kim_of(second) is None


async def test_of_two_plans_one_is_confirmed(placement: Running, diskominfo: Desk) -> None:
    cohort_id = await ready(placement, diskominfo)
    await diskominfo.briefed(cohort_id, 2)
    one, other = await diskominfo.plan(cohort_id), await diskominfo.plan(cohort_id)
    assert one["lines"] == other["lines"]
    assert (await diskominfo.confirm(one)).status_code == 200
    refused(await diskominfo.confirm(other), 409, "plan-outdated")
    listed = (await diskominfo.get(f"/cohorts/{cohort_id}/plans")).json()["items"]
    assert sorted(each["status"] for each in listed) == ["confirmed", "proposed"]


async def test_plans_of_two_universities_share_a_groups_room(
    placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo, kims=1, capacity_per_kim=1)
    first, second = await diskominfo.briefed(cohort_id, 2)
    one = await diskominfo.plan(cohort_id, universities=["budi-luhur"])
    other = await diskominfo.plan(cohort_id, universities=["raharja"])
    assert (await diskominfo.confirm(one)).status_code == 200
    problem = refused(await diskominfo.confirm(other), 409, "plan-stale")
    assert problem["facts"]["kims"] == [{"id": "kim-000", "name": "KIM Desa 0", "flag": "full"}]
    assert await diskominfo.kim_of(first) == "kim-000"
    assert await diskominfo.kim_of(second) is None


async def test_a_group_filled_by_hand_since_the_plan_is_named(
    placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo, capacity_per_kim=1)
    first, second = await diskominfo.briefed(cohort_id, 2)
    await diskominfo.confirm(await diskominfo.plan(cohort_id, universities=["budi-luhur"]))
    plan = await diskominfo.plan(cohort_id, universities=["raharja"])
    planned = plan["lines"][0]["kim_id"]
    body = {"kim_id": planned, "reason": "Dekat rumah"}
    moved = await diskominfo.post(f"/enrolments/{first}/reassignment", body)
    assert moved.status_code == 200
    problem = refused(await diskominfo.confirm(plan), 409, "plan-stale")
    assert [each["flag"] for each in problem["facts"]["kims"]] == ["full"]
    assert await diskominfo.kim_of(second) is None


async def test_pins_are_checked_when_asked_for(placement: Running, diskominfo: Desk) -> None:
    cohort_id = await ready(placement, diskominfo)
    await placement.tell_kim(2, "suspended")
    first, _ = await diskominfo.briefed(cohort_id, 2)
    path = f"/cohorts/{cohort_id}/plans"

    def pinned(kim_id: str, enrolment_id: str = first) -> dict[str, Any]:
        return {"pins": [{"enrolment_id": enrolment_id, "kim_id": kim_id}]}

    answer = await diskominfo.post(path, pinned("kim-404"))
    refused(answer, 409, "not-known-yet", "#/pins/0/kim_id")
    assert int(answer.headers["retry-after"]) >= 1
    refused(await diskominfo.post(path, pinned("kim-002")), 409, "kim-not-registered")
    refused(await diskominfo.post(path, pinned("kim-000", "stranger")), 409, "pin-unknown")
    twice = {"pins": pinned("kim-000")["pins"] * 2}
    refused(await diskominfo.post(path, twice), 422, "pin-repeated")
    plan = await diskominfo.plan(cohort_id, **pinned("kim-001"))
    chosen = {line["enrolment_id"]: line["kim_id"] for line in plan["lines"]}
    assert chosen[first] == "kim-001"


async def test_what_cannot_come_to_anything_is_refused_at_once(
    placement: Running, diskominfo: Desk
) -> None:
    await diskominfo.universities()
    cohort_id = await diskominfo.cohort(quota=50)
    path = f"/cohorts/{cohort_id}/plans"
    refused(await diskominfo.post(path, {}), 409, "nobody-to-place")
    await diskominfo.briefed(cohort_id, 41)
    problem = refused(await diskominfo.post(path, {}), 409, "plan-too-large")
    assert problem["facts"] == {"students": 41, "limit": 40}
    one = {"universities": ["raharja"]}
    refused(await diskominfo.post(path, one), 409, "no-kim-available")
    for number in range(14):
        await placement.tell_kim(number)
    plan = await diskominfo.plan(cohort_id, **one)
    assert len(plan["lines"]) == 20


async def test_who_is_not_briefed_or_finds_no_room_is_told(
    placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo, kims=1, capacity_per_kim=1)
    await diskominfo.briefed(cohort_id, 2)
    late = (await diskominfo.enrol(cohort_id, 2)).json()["id"]
    plan = await diskominfo.plan(cohort_id)
    reasons = {each["enrolment_id"]: each["reasons"][0] for each in plan["unplaced"]}
    assert sorted(each["code"] for each in reasons.values()) == ["no-capacity", "not-briefed"]
    assert reasons[late]["code"] == "not-briefed"
    assert reasons[late]["text"] != reasons[late]["text_en"]


async def test_a_student_is_placed_once_over_all_cohorts(
    placement: Running, diskominfo: Desk
) -> None:
    first_cohort = await ready(placement, diskominfo)
    second_cohort = await diskominfo.cohort()
    await diskominfo.briefed(first_cohort, 1)
    (again,) = await diskominfo.briefed(second_cohort, 1)
    both = [await diskominfo.plan(each) for each in (first_cohort, second_cohort)]
    assert (await diskominfo.confirm(both[0])).status_code == 200
    problem = refused(await diskominfo.confirm(both[1]), 409, "student-already-placed")
    assert problem["facts"]["enrolments"] == [again]
    anew = await diskominfo.plan(second_cohort)
    assert anew["unplaced"][0]["reasons"][0]["code"] == "active-elsewhere"


async def test_a_group_takes_no_more_by_hand_than_by_plan(
    placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo, kims=2, capacity_per_kim=1)
    first, second = await diskominfo.placed(cohort_id, 2)
    taken = await diskominfo.kim_of(second)
    path = f"/enrolments/{first}/reassignment"
    body = {"kim_id": taken, "reason": "Dekat rumah"}
    refused(await diskominfo.post(path, body), 409, "kim-full", "#/kim_id")
    refused(await diskominfo.post(path, {**body, "kim_id": "kim-404"}), 409, "not-known-yet")
    await diskominfo.post(f"/enrolments/{second}/withdrawal", {"reason": "Sakit"})
    moved = await diskominfo.post(path, body, Idempotency_Key="move-1")
    assert moved.json()["kim_id"] == taken
    again = await diskominfo.post(path, body, Idempotency_Key="move-1")
    assert again.json() == moved.json()
    refused(
        await diskominfo.post(f"/enrolments/{second}/reassignment", body),
        409,
        "no-active-assignment",
    )


async def test_a_plan_of_a_crashed_process_is_found_again(
    placement: Running, second_placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo)
    await diskominfo.briefed(cohort_id, 2)
    # What a process leaves that is killed right after it has answered 202.
    left = {
        "cohort_id": cohort_id,
        "region_code": "36.71",
        "universities": [],
        "pins": [],
        "status": "computing",
        "requested_at": utc_now(),
    }
    document = {"_id": "left", "version": 1, "state": left, "outbox": [], "keys": []}
    await placement.database["plans"].insert_one({**document, "decisions": []})
    assert await second_placement.react("resume-plans") == 1
    plan = await diskominfo.computed("left")
    assert (plan["status"], len(plan["lines"])) == ("proposed", 2)
    assert await second_placement.react("resume-plans") == 0


async def test_a_plan_that_became_impossible_fails_with_its_reason(
    placement: Running, diskominfo: Desk
) -> None:
    cohort_id = await ready(placement, diskominfo, kims=1, capacity_per_kim=1)
    ids = await diskominfo.briefed(cohort_id, 2)
    pins = [{"enrolment_id": each, "kim_id": "kim-000"} for each in ids]
    plan = await diskominfo.plan(cohort_id, pins=pins)
    assert (plan["status"], plan["failure"]) == ("failed", "pins-exceed-capacity")
    refused(await diskominfo.confirm(plan), 409, "impossible-transition")
