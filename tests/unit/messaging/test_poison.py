from kentongan.messaging.patience import Patience
from kentongan.messaging.read_models.poison import (
    FloodGuard,
    FloodLimits,
    Poison,
    Refused,
    dead_letter,
)
from tests.unit.messaging.drum_records import record


def test_a_few_bad_records_among_many_are_no_flood() -> None:
    guard = FloodGuard(FloodLimits(number=10, share=0.5))
    guard.note(records=1_000, poison=300)
    assert guard.flood is None


def test_few_records_are_no_flood_even_if_all_are_bad() -> None:
    guard = FloodGuard(FloodLimits(number=10, share=0.5))
    guard.note(records=9, poison=9)
    assert guard.flood is None


def test_much_and_mostly_is_a_flood_until_it_is_forgotten() -> None:
    guard = FloodGuard(FloodLimits(number=10, share=0.5))
    guard.note(records=20, poison=11)
    assert guard.flood == "11 of 20 records within 60 s are poison"
    guard.forget()
    assert guard.flood is None


def test_what_left_the_window_does_not_count() -> None:
    guard = FloodGuard(FloodLimits(window_seconds=0.0, number=10, share=0.5))
    guard.note(records=20, poison=20)
    guard.note(records=1, poison=0)
    assert guard.flood is None


def test_a_dead_letter_keeps_the_record_as_it_came() -> None:
    letter = dead_letter("group", Poison(record(3), Refused.SCHEMA, "x" * 10_000, attempts=2))
    assert letter.id == "group:test.drums:0:3"
    assert letter.value == record(3).value
    assert len(letter.detail) == 500


def test_patience_grows_to_its_bound_and_begins_again() -> None:
    patience = Patience(0.1, 1.0)
    waits = [patience.failed() for _ in range(10)]
    assert 0.05 <= waits[0] <= 0.1
    assert all(0.5 <= wait <= 1.0 for wait in waits[5:])
    patience.succeeded()
    assert patience.failed() <= 0.1
