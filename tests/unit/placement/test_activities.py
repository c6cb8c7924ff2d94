"""The logbook: what may be written down, and what a group's word makes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kentongan.contracts.placement import ActivityVerified
from services.placement.domain import errors
from services.placement.domain.activities import (
    ActivityCategory,
    ActivityStatus,
    Entry,
    comment_on_activity,
    log_activity,
    reject_activity,
    verify_activity,
)
from services.placement.domain.assignments import assign, reassign, withdraw
from services.placement.domain.enrolments import PAST_STAYS, Enrolment, EnrolmentStatus, readmit
from tests.unit.placement.builders import TODAY, assigned, enrolment, kim

pytestmark = pytest.mark.days

NOW = datetime(2026, 10, 10, 3, 0, tzinfo=UTC)


def entry(
    started_at: datetime = datetime(2026, 10, 3, 2, 0, 41, tzinfo=UTC), **changed: Any
) -> Entry:
    facts: dict[str, Any] = {
        "started_at": started_at,
        "minutes": 120,
        "category": ActivityCategory.PELATIHAN,
        "text": "Pelatihan foto produk",
    }
    return Entry(**facts | changed)


def test_an_activity_is_known_by_its_minute() -> None:
    activity = log_activity(assigned(), entry(), NOW).state
    assert activity.activity_id == "e1:2026-10-03T02:00:00Z"
    assert activity.entry.started_at.second == 0
    assert activity.status is ActivityStatus.PENDING


def test_its_day_is_the_citys() -> None:
    late = datetime(2026, 10, 3, 18, 0, tzinfo=UTC)
    assert log_activity(assigned(), entry(late), NOW).state.day.isoformat() == "2026-10-04"


def test_its_day_is_that_of_the_cohorts_region() -> None:
    late = datetime(2026, 10, 3, 16, 30, tzinfo=UTC)
    in_makassar = assigned().model_copy(update={"region_code": "73.71"})
    assert log_activity(in_makassar, entry(late), NOW).state.day.isoformat() == "2026-10-04"


@pytest.mark.parametrize(
    "started_at",
    [datetime(2026, 9, 24, 16, 59, tzinfo=UTC), datetime(2026, 11, 25, 17, 0, tzinfo=UTC)],
)
def test_outside_the_period_nothing_counts(started_at: datetime) -> None:
    later = datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(errors.ActivityOutsidePeriod):
        log_activity(assigned(), entry(started_at), later)


def test_nothing_is_written_down_before_it_is_over() -> None:
    started = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)
    log_activity(assigned(), entry(started, minutes=120), NOW)
    with pytest.raises(errors.ActivityNotOver):
        log_activity(assigned(), entry(started, minutes=121), NOW)


def moved(student: Enrolment, kim_id: str, at: datetime) -> Enrolment:
    there = kim(kim_id=kim_id, region_code=f"36.71.07.{1000 + int(kim_id[1:])}")
    return reassign(student, there, "pindah", at, TODAY).state


def day(number: int) -> datetime:
    """Ten in the morning of that day of October in the city."""
    return datetime(2026, 10, number, 3, 0, tzinfo=UTC)


def test_it_goes_to_the_group_of_its_day_whatever_the_student_has_now() -> None:
    student = moved(moved(assigned("k1"), "k2", day(2)), "k3", day(5))
    logged = {
        number: log_activity(student, entry(day(number)), NOW).state for number in (1, 2, 4, 5, 6)
    }
    assert {number: activity.kim_id for number, activity in logged.items()} == {
        1: "k1",
        2: "k2",
        4: "k2",
        5: "k3",
        6: "k3",
    }
    assert logged[4].region_code == "36.71.07.1002"
    event = verify_activity(logged[1], NOW).event
    assert isinstance(event, ActivityVerified)
    assert (event.kim_id, event.region_code) == ("k1", "36.71.07.1013")


def test_who_began_before_the_assignment_was_written_down_was_with_the_first_group() -> None:
    early = datetime(2026, 9, 25, 3, 0, tzinfo=UTC)
    student = moved(assigned("k1"), "k2", day(2))
    assert log_activity(assigned("k1"), entry(early), NOW).state.kim_id == "k1"
    assert log_activity(student, entry(early), NOW).state.kim_id == "k1"


def test_a_student_who_comes_back_was_with_the_former_group_until_they_left() -> None:
    gone = withdraw(assigned("k1", briefed_on=TODAY), "sakit", day(2)).state
    back = assign(readmit(gone, 1).state, kim(kim_id="k2"), day(5), rule="plan.confirm").state
    found = [log_activity(back, entry(day(number)), NOW).state.kim_id for number in (1, 4, 6)]
    assert found == ["k1", "k2", "k2"]


def test_a_student_who_stays_has_one_stay() -> None:
    student = moved(assigned("k1"), "k1", day(2))
    assert student.past_stays == ()


def test_of_very_many_stays_the_latest_are_remembered() -> None:
    student = assigned("k0")
    for number in range(1, PAST_STAYS + 4):
        student = moved(student, f"k{number}", day(1) + timedelta(hours=number))
    assert [stay.kim_id for stay in student.past_stays] == [
        f"k{number}" for number in range(3, PAST_STAYS + 3)
    ]


@pytest.mark.parametrize("student", [enrolment(), assigned(status=EnrolmentStatus.WITHDRAWN)])
def test_a_logbook_needs_an_active_assignment(student: Any) -> None:
    with pytest.raises(errors.NoActiveAssignment):
        log_activity(student, entry(), NOW)


def test_verification_is_published_without_text_and_link() -> None:
    activity = log_activity(assigned(), entry(link="https://example.id/foto"), NOW).state
    decision = verify_activity(activity, NOW)
    assert isinstance(decision.event, ActivityVerified)
    assert decision.event.minutes == 120
    assert "foto" not in decision.event.model_dump_json()
    with pytest.raises(errors.ImpossibleTransition):
        reject_activity(decision.state, "tidak hadir")


def test_a_rejection_is_told_to_the_student_and_not_published() -> None:
    activity = log_activity(assigned(), entry(), NOW).state
    decision = reject_activity(activity, "tidak hadir")
    assert decision.event is None
    assert decision.state.rejection == "tidak hadir"
    with pytest.raises(errors.ImpossibleTransition):
        verify_activity(decision.state, NOW)


def test_a_supervisor_may_comment_whatever_the_group_said() -> None:
    activity = log_activity(assigned(), entry(), NOW).state
    judged = verify_activity(activity, NOW).state
    commented = comment_on_activity(judged, "Bagus", NOW).state
    assert [comment.text for comment in commented.comments] == ["Bagus"]
    assert commented.status is ActivityStatus.VERIFIED
