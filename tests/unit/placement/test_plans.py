"""A plan is asked for, proposed, and confirmed only as it was made."""

import pytest

from services.placement.domain import errors
from services.placement.domain.enrolments import Enrolment, EnrolmentStatus
from services.placement.domain.kims import Flag
from services.placement.domain.plans import (
    Balance,
    Pin,
    Plan,
    PlanLine,
    PlanStatus,
    Proposal,
    confirm,
    discard,
    ensure_confirmable_size,
    fail,
    lines_to_apply,
    propose,
    request_plan,
)
from services.placement.domain.reasons import SENTENCES, Reason, ReasonCode, worded
from tests.unit.placement.builders import NOW, assigned, enrolment, line


def proposed(*lines: PlanLine) -> Plan:
    balance = Balance(
        kims=1, kims_without_students=0, fewest_students=1, most_students=1, same_university_pairs=0
    )
    proposal = Proposal(lines=lines, unplaced=(), cost=0, balance=balance, moves=0)
    return propose(request_plan("c1", "36.71", (), (), NOW).state, proposal).state


def test_a_student_is_pinned_once() -> None:
    pins = (Pin(enrolment_id="e1", kim_id="k1"), Pin(enrolment_id="e1", kim_id="k2"))
    with pytest.raises(errors.PinRepeated) as refused:
        request_plan("c1", "36.71", pins, (), NOW)
    assert refused.value.field == "/pins/1/enrolment_id"


def test_only_the_first_to_end_a_plan_ends_it() -> None:
    ended = fail(request_plan("c1", "36.71", (), (), NOW).state, "time-limit").state
    assert (ended.status, ended.failure) == (PlanStatus.FAILED, "time-limit")
    with pytest.raises(errors.ImpossibleTransition):
        fail(ended, "time-limit")


def test_a_plan_is_confirmed_or_discarded_not_both() -> None:
    assert confirm(proposed()).state.status is PlanStatus.CONFIRMED
    with pytest.raises(errors.ImpossibleTransition):
        confirm(discard(proposed()).state)


def test_lines_that_change_nothing_are_left_alone() -> None:
    plan = proposed(
        line("e1"), line("e2", "k1", "k1"), line("e3", "k1", "k1"), line("e4", "k1", "k0")
    )
    enrolments = {
        "e1": enrolment(),
        "e2": assigned("k1"),
        "e3": assigned("k1", status=EnrolmentStatus.FLAGGED, flag=Flag.SUSPENDED),
        "e4": assigned("k0"),
    }
    assert [each.enrolment_id for each in lines_to_apply(plan, enrolments)] == ["e1", "e3", "e4"]


@pytest.mark.parametrize(
    "meanwhile",
    [
        None,
        enrolment(status=EnrolmentStatus.WITHDRAWN),
        assigned("k9"),
    ],
)
def test_a_student_who_changed_meanwhile_outdates_the_plan(meanwhile: Enrolment | None) -> None:
    enrolments = {"e1": meanwhile} if meanwhile else {}
    with pytest.raises(errors.PlanOutdated) as refused:
        lines_to_apply(proposed(line("e1")), enrolments)
    assert refused.value.facts == {"enrolments": ["e1"], "count": 1}


def test_a_plan_beyond_one_transaction_is_refused() -> None:
    ensure_confirmable_size(1000, 1000)
    with pytest.raises(errors.PlanTooLarge):
        ensure_confirmable_size(1001, 1000)


def test_every_reason_is_worded_in_both_languages() -> None:
    facts = {"flag": "kim-suspended", "potentials": "kuliner", "students": "2", "valid_until": "-"}
    assert set(SENTENCES) == set(ReasonCode)
    for code in ReasonCode:
        told = worded(Reason(code=code, facts=facts))
        assert told["text"] != told["text_en"]
        assert "{" not in told["text"] + told["text_en"]
