"""Each way in which the system could break its promises is found, and nothing else is."""

import pytest

from kentongan.demo.consistency.checker import Held, Verdict, View
from kentongan.demo.consistency.findings import FindingKind
from kentongan.demo.consistency.trails import Trail
from tests.unit.demo.consistency import (
    TOPIC,
    acknowledged,
    check,
    directory,
    published,
    unanswered,
)


def kinds(verdict: Verdict) -> list[FindingKind]:
    return [finding.kind for finding in verdict.findings]


def test_a_kept_promise_leaves_no_finding() -> None:
    verdict = check([acknowledged("a", 5)], [published("a", 5)], directory(a=5))
    assert verdict.good
    assert verdict.checked.expectations == verdict.checked.events == verdict.checked.compared == 1


def test_an_empty_check_is_not_a_good_one() -> None:
    assert not check([], []).good


def test_repeats_of_an_event_are_allowed_and_counted() -> None:
    events = [published("a", 5), published("a", 5, offset=1)]
    verdict = check([acknowledged("a", 5)], events, directory(a=5))
    assert verdict.good
    assert verdict.checked.repeats == 1


def test_an_acknowledged_command_without_its_event_is_lost() -> None:
    assert kinds(check([acknowledged("a", 5)], [])) == [FindingKind.LOST]


def test_an_event_with_another_version_than_was_answered_is_not_it() -> None:
    found = kinds(check([acknowledged("a", 5)], [published("a", 6)], directory(a=6)))
    assert found == [FindingKind.LOST, FindingKind.UNEXPLAINED]


def test_two_events_of_one_command_are_doubled() -> None:
    events = [published("a", 5), published("a", 5, event_id="other", offset=1)]
    found = kinds(check([acknowledged("a", 5)], events, directory(a=5)))
    assert set(found) == {FindingKind.DOUBLED}


def test_first_occurrences_out_of_order_are_found_but_late_repeats_are_not() -> None:
    journal = [acknowledged("a", 5), acknowledged("a", 6, name="kim.suspend", event="KimSuspended")]
    first, second = published("a", 5), published("a", 6, name="KimSuspended", offset=1)
    late = published("a", 5, offset=2)
    assert check(journal, [first, second, late], directory(a=6)).good
    assert kinds(check(journal, [second, first], directory(a=6))) == [FindingKind.DISORDERED]


def test_a_key_in_two_partitions_has_no_order() -> None:
    journal = [acknowledged("a", 5), acknowledged("a", 6)]
    events = [published("a", 5), published("a", 6, partition=1)]
    assert kinds(check(journal, events, directory(a=6))) == [FindingKind.DISORDERED]


def test_a_repeat_that_differs_is_found() -> None:
    events = [published("a", 5), published("a", 5, offset=1, status="dissolved")]
    assert FindingKind.DIVERGED in kinds(check([acknowledged("a", 5)], events, directory(a=5)))


def test_an_event_that_nobody_asked_for_comes_from_nowhere() -> None:
    verdict = check([acknowledged("a", 5)], [published("a", 5), published("b", 5)])
    assert kinds(verdict) == [FindingKind.UNEXPLAINED]


def test_an_unanswered_command_may_have_happened_or_not() -> None:
    journal = [acknowledged("a", 5), unanswered("b", event="KimRegistered")]
    assert check(journal, [published("a", 5)], directory(a=5)).good
    assert check(journal, [published("a", 5), published("b", 5)], directory(a=5, b=5)).good


def test_what_a_reaction_publishes_needs_no_command() -> None:
    events = [published("a", 5), published("a", 6, name="AssignmentFlagged", offset=1)]
    prompted = frozenset({"AssignmentFlagged"})
    verdict = check([acknowledged("a", 5)], events, directory(a=6), unprompted=prompted)
    assert verdict.good
    assert verdict.checked.unprompted == 1


def test_a_record_that_is_no_event_is_broken() -> None:
    verdict = check([acknowledged("a", 5)], [published("a", 5)], broken=("t:0:3 key-missing",))
    assert kinds(verdict) == [FindingKind.BROKEN]


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (directory(), FindingKind.LOST),
        (directory(a=4), FindingKind.LOST),
        (directory(a=6), FindingKind.UNEXPLAINED),
        (directory(a=5, b=1), FindingKind.UNEXPLAINED),
        (View("v", TOPIC, {"a": Held(5, {"status": "suspended"})}), FindingKind.DIVERGED),
        (View("v", TOPIC, {"a": Held(5, {"region.code": "36.71"})}), FindingKind.DIVERGED),
        (View("v", TOPIC, {"a": Held(5, {"no.such": None})}), FindingKind.DIVERGED),
    ],
)
def test_a_view_that_differs_from_the_topic_is_found(view: View, kind: FindingKind) -> None:
    assert kinds(check([acknowledged("a", 5)], [published("a", 5)], view)) == [kind]


def test_an_owner_may_be_ahead_of_its_events_and_hold_more() -> None:
    held = {"a": Held(9, {"status": "registered"}), "b": Held(1)}
    owner = View("registry", TOPIC, held, exact=False)
    assert check([acknowledged("a", 5)], [published("a", 5)], owner).good


def trail(*decisions: tuple[int, str], complete: bool = True) -> tuple[Trail, ...]:
    return (Trail("registry", {"a": decisions}, complete=complete),)


def test_commands_without_an_event_are_found_in_the_owners_trail() -> None:
    journal = [acknowledged("a", 1, name="kim.propose", event=None), acknowledged("a", 2)]
    events, both = [published("a", 2)], ((1, "kim.propose"), (2, "kim.register"))
    assert check(journal, events, trails=trail(*both)).good
    assert kinds(check(journal, events, trails=trail(both[1]))) == [FindingKind.LOST]
    assert kinds(check(journal, events, trails=trail(*both, both[0]))) == [FindingKind.DOUBLED]


def test_a_decision_that_no_client_was_told_of_is_found() -> None:
    journal, events = [acknowledged("a", 1)], [published("a", 1)]
    decisions = ((1, "kim.register"), (2, "kim.suspend"))
    assert kinds(check(journal, events, trails=trail(*decisions))) == [FindingKind.UNEXPLAINED]
    assert check(journal, events, trails=trail(*decisions, complete=False)).good
    maybe = [*journal, unanswered("a", name="kim.suspend")]
    assert check(maybe, events, trails=trail(*decisions)).good
