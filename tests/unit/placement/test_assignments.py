"""The life of an assignment, and what is published of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from kentongan.contracts.placement import (
    AssignmentFlagged,
    AssignmentWithdrawn,
    StudentAssigned,
)
from kentongan.domain import DomainError
from services.placement.domain import errors
from services.placement.domain.assignments import assign, complete, flag, reassign, withdraw
from services.placement.domain.enrolments import Enrolment, EnrolmentStatus, attend_briefing
from services.placement.domain.kims import Flag, ensure_can_host, standing
from tests.unit.placement.builders import NOW, TODAY, assigned, enrolment, kim

pytestmark = pytest.mark.days

LATER = NOW + timedelta(days=3)
PERSONAL = ("Nama Rekaan", "2210114001", "Ilmu Komunikasi", "p1")


def test_a_briefed_student_is_assigned() -> None:
    decision = assign(enrolment(), kim(), NOW, rule="plan.confirm", plan_id="plan")
    assert isinstance(decision.event, StudentAssigned)
    assert decision.event.kim_id == "k1"
    assert decision.event.status == "assigned"
    assert decision.state.status is EnrolmentStatus.ASSIGNED
    assert decision.state.active_person == "p1"


def test_no_event_tells_who_the_student_is() -> None:
    events = [
        assign(enrolment(), kim(), NOW, rule="plan.confirm").event,
        flag(assigned(), "k1", Flag.SUSPENDED).event,
        withdraw(assigned(), "Nama Rekaan sakit", NOW).event,
    ]
    for event in events:
        assert event is not None
        told = event.model_dump_json()
        assert not [word for word in PERSONAL if f'"{word}"' in told or "sakit" in told]


def test_without_briefing_nobody_is_assigned() -> None:
    with pytest.raises(errors.BriefingMissed):
        assign(enrolment(status=EnrolmentStatus.ENROLLED), kim(), NOW, rule="plan.confirm")


@pytest.mark.parametrize("status", [EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED])
def test_who_is_gone_is_not_assigned(status: EnrolmentStatus) -> None:
    with pytest.raises(errors.ImpossibleTransition):
        assign(enrolment(status=status), kim(), NOW, rule="plan.confirm")


def test_a_flag_tells_why_and_keeps_the_person_taken() -> None:
    decision = flag(assigned(), "k1", Flag.DECREE_EXPIRED)
    assert isinstance(decision.event, AssignmentFlagged)
    assert (decision.event.status, decision.event.flag) == ("flagged", "decree-expired")
    assert decision.state.active_person == "p1"


@pytest.mark.parametrize(
    "changed",
    [{"kim_id": "k2"}, {"status": EnrolmentStatus.FLAGGED}, {"status": EnrolmentStatus.WITHDRAWN}],
)
def test_a_flag_that_comes_too_late_changes_nothing(changed: dict[str, Any]) -> None:
    with pytest.raises(errors.AssignmentChanged):
        flag(assigned(**changed), "k1", Flag.SUSPENDED)


def test_reassignment_clears_the_flag_and_keeps_the_reason_inside() -> None:
    flagged = assigned(status=EnrolmentStatus.FLAGGED, flag=Flag.SUSPENDED)
    for chosen in ("k1", "k2"):
        decision = reassign(flagged, kim(kim_id=chosen), "KIM aktif lagi", NOW, TODAY)
        assert isinstance(decision.event, StudentAssigned)
        assert (decision.event.kim_id, decision.event.flag) == (chosen, None)
        assert decision.note == "KIM aktif lagi"


@pytest.mark.parametrize(
    ("student", "chosen", "since"),
    [
        (assigned(), "k1", NOW),
        (assigned(status=EnrolmentStatus.FLAGGED, flag=Flag.SUSPENDED), "k1", NOW),
        (assigned(), "k2", LATER),
        (enrolment(), "k1", LATER),
    ],
)
def test_an_assignment_tells_when_the_student_came_to_this_group(
    student: Enrolment, chosen: str, since: datetime
) -> None:
    event = assign(student, kim(kim_id=chosen), LATER, rule="plan.confirm").event
    assert isinstance(event, StudentAssigned)
    assert event.assigned_at == since


def test_only_an_active_assignment_within_its_period_is_moved() -> None:
    with pytest.raises(errors.NoActiveAssignment):
        reassign(enrolment(), kim(), "pindah", NOW, TODAY)
    with pytest.raises(errors.CohortClosed):
        reassign(assigned(), kim(), "pindah", NOW, date(2026, 11, 26))


def test_withdrawal_frees_seat_and_person() -> None:
    decision = withdraw(assigned(), "sakit", NOW)
    assert isinstance(decision.event, AssignmentWithdrawn)
    assert (decision.state.seat, decision.state.active_person) == (None, None)
    with pytest.raises(errors.ImpossibleTransition):
        withdraw(decision.state, "sakit", NOW)


def test_withdrawal_before_placement_is_nobodys_news() -> None:
    assert withdraw(enrolment(), "sakit", NOW).event is None


def test_a_period_that_is_over_frees_the_person() -> None:
    decision = complete(assigned(), date(2026, 11, 26))
    assert decision.event is None
    assert decision.state.status is EnrolmentStatus.COMPLETED
    assert decision.state.active_person is None
    with pytest.raises(errors.AssignmentChanged):
        complete(assigned(), date(2026, 11, 25))


def test_attendance_is_noted_once() -> None:
    there = attend_briefing(enrolment(status=EnrolmentStatus.ENROLLED), TODAY).state
    assert there.status is EnrolmentStatus.BRIEFED
    with pytest.raises(errors.ImpossibleTransition):
        attend_briefing(there, TODAY)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"status": "suspended"}, Flag.SUSPENDED),
        ({"status": "dissolved"}, Flag.DISSOLVED),
        ({"valid_until": TODAY}, None),
        ({"valid_until": date(2026, 9, 25)}, Flag.DECREE_EXPIRED),
    ],
)
def test_which_groups_can_have_students(changed: dict[str, Any], why: Flag | None) -> None:
    assert standing(kim(**changed), TODAY) is why


@pytest.mark.parametrize(
    ("region_code", "error"),
    [
        ("36.7", errors.KimOutsideCohort),
        ("36.71.07", None),
        ("36.71", None),
        ("36.72", errors.KimOutsideCohort),
    ],
)
def test_a_region_is_matched_at_a_dot(region_code: str, error: type[DomainError] | None) -> None:
    if error is None:
        ensure_can_host(kim(), region_code, TODAY, "/kim_id")
    else:
        with pytest.raises(error):
            ensure_can_host(kim(), region_code, TODAY, "/kim_id")
