"""The logbook over HTTP: kept by the student, judged by the group, commented by the supervisor."""

from datetime import time, timedelta
from typing import Any

import pytest

from tests.integration.placement.conftest import Running
from tests.integration.placement.desk import Desk
from tests.support.clock import moment_of
from tests.support.desk import refused

pytestmark = pytest.mark.days


@pytest.fixture
async def student(placement: Running, diskominfo: Desk) -> tuple[str, Desk]:
    await placement.tell_kim(0)
    await diskominfo.universities()
    (enrolment_id,) = await diskominfo.placed(await diskominfo.cohort(), 1)
    return enrolment_id, placement.desk("student", region=None, student_id=enrolment_id)


def entry(placement: Running, days_ago: int = 2, **changed: Any) -> dict[str, Any]:
    day = placement.clock.today() - timedelta(days=days_ago)
    return {
        "started_at": moment_of(day, time(9, 0, 5)).isoformat(),
        "minutes": 120,
        "category": "pelatihan",
        "text": "Pelatihan foto produk Rahasia",
        "link": "https://kim-desa.example.id/foto",
    } | changed


async def test_an_activity_is_kept_and_verified(
    placement: Running, student: tuple[str, Desk]
) -> None:
    enrolment_id, desk = student
    path = f"/enrolments/{enrolment_id}/activities"
    logged = await desk.post(path, entry(placement), Idempotency_Key="log-1")
    again = await desk.post(path, entry(placement), Idempotency_Key="log-1")
    assert (logged.status_code, again.json()) == (201, logged.json())
    refused(await desk.post(path, entry(placement)), 409, "already-exists")

    kim = placement.desk("kim", kim_id="kim-000")
    (waiting,) = (await kim.get("/kims/kim-000/activities", status="pending")).json()["items"]
    activity_id = waiting["id"]
    other = placement.desk("kim", kim_id="kim-001")
    refused(await other.post(f"/activities/{activity_id}/verification"), 403, "not-own")
    verified = await kim.post(f"/activities/{activity_id}/verification")
    assert verified.json()["status"] == "verified"
    denied = await kim.post(f"/activities/{activity_id}/rejection", {"reason": "Tidak hadir"})
    refused(denied, 409, "impossible-transition")
    assert await placement.recorded("activities", activity_id) == ["ActivityVerified"]
    document = await placement.database["activities"].find_one({"_id": activity_id})
    assert document is not None
    assert "Rahasia" not in str(document["outbox"])

    supervisor = placement.desk("supervisor", region=None, university_id="budi-luhur")
    said = await supervisor.post(f"/activities/{activity_id}/comment", {"text": "Bagus"})
    assert said.status_code == 200
    (shown,) = (await desk.get(path)).json()["items"]
    assert [comment["text"] for comment in shown["comments"]] == ["Bagus"]
    foreign = placement.desk("supervisor", region=None, university_id="raharja")
    refused(await foreign.post(f"/activities/{activity_id}/comment", {"text": "?"}), 403, "not-own")


async def test_an_activity_of_before_a_move_is_for_the_group_of_that_day(
    placement: Running, diskominfo: Desk, student: tuple[str, Desk]
) -> None:
    enrolment_id, desk = student
    path = f"/enrolments/{enrolment_id}/activities"
    await placement.tell_kim(1)
    placement.clock.forward(days=6)
    move = {"kim_id": "kim-001", "reason": "Lebih dekat"}
    moved = await diskominfo.post(f"/enrolments/{enrolment_id}/reassignment", move)
    assert moved.json()["kim_id"] == "kim-001"

    before = (await desk.post(path, entry(placement))).json()["id"]
    placement.clock.forward(days=3)
    after = (await desk.post(path, entry(placement, days_ago=1))).json()["id"]
    shown = {each["id"]: each["kim_id"] for each in (await desk.get(path)).json()["items"]}
    assert shown == {before: "kim-000", after: "kim-001"}
    former, present = (placement.desk("kim", kim_id=each) for each in ("kim-000", "kim-001"))
    refused(await present.post(f"/activities/{before}/verification"), 403, "not-own")
    verified = await former.post(f"/activities/{before}/verification")
    assert verified.json()["status"] == "verified"
    (waiting,) = await placement.outbox("activities", before)
    assert waiting["data"]["kim_id"] == "kim-000"


async def test_a_rejected_activity_is_never_published(
    placement: Running, student: tuple[str, Desk]
) -> None:
    enrolment_id, desk = student
    path = f"/enrolments/{enrolment_id}/activities"
    activity_id = (await desk.post(path, entry(placement))).json()["id"]
    kim = placement.desk("kim", kim_id="kim-000")
    denied = await kim.post(f"/activities/{activity_id}/rejection", {"reason": "Tidak hadir"})
    assert denied.json()["status"] == "rejected"
    (shown,) = (await desk.get(path)).json()["items"]
    assert shown["rejection"] == "Tidak hadir"
    assert await placement.recorded("activities", activity_id) == []


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"minutes": 14}, "validation"),
        ({"minutes": 481}, "validation"),
        ({"minutes": "120"}, "validation"),
        ({"category": "tidur"}, "validation"),
        ({"text": ""}, "validation"),
        ({"link": "http://example.id"}, "validation"),
        ({"link": "javascript:alert(1)"}, "validation"),
        ({"link": "https://kim-desa.example.id/\x07"}, "validation"),
        ({"started_at": "2026-10-03T02:00:00"}, "validation"),
        ({"started_at": "0001-01-01T00:00:00Z"}, "validation"),
        ({"surplus": 1}, "validation"),
    ],
)
async def test_a_broken_entry_is_refused(
    placement: Running, student: tuple[str, Desk], changed: dict[str, Any], rule: str
) -> None:
    enrolment_id, desk = student
    sent = await desk.post(f"/enrolments/{enrolment_id}/activities", entry(placement, **changed))
    refused(sent, 422, rule, f"#/{next(iter(changed))}")
    assert await placement.database["activities"].count_documents({}) == 0


async def test_only_within_the_period_and_not_ahead(
    placement: Running, student: tuple[str, Desk]
) -> None:
    enrolment_id, desk = student
    path = f"/enrolments/{enrolment_id}/activities"
    early = await desk.post(path, entry(placement, days_ago=12))
    refused(early, 422, "activity-outside-period", "#/started_at")
    ahead = await desk.post(path, entry(placement, days_ago=-1))
    refused(ahead, 422, "activity-not-over", "#/minutes")


async def test_only_by_the_student_with_the_assignment(
    placement: Running, diskominfo: Desk, student: tuple[str, Desk]
) -> None:
    enrolment_id, desk = student
    path = f"/enrolments/{enrolment_id}/activities"
    stranger = placement.desk("student", region=None, student_id="stranger")
    told = refused(await stranger.post(path, entry(placement)), 403, "not-own")
    assert told["detail"] == "Data mahasiswa ini milik pihak lain."
    assert told["detail_en"] == "This student belongs to someone else."
    refused(await diskominfo.post(path, entry(placement)), 403, "wrong-role")
    await desk.post(f"/enrolments/{enrolment_id}/withdrawal", {"reason": "Sakit"})
    refused(await desk.post(path, entry(placement)), 409, "no-active-assignment")
