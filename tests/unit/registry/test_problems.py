"""Every refusal of the registry is worded in both languages, with facts that it really brings."""

import inspect
from string import Formatter

import pytest

from kentongan.domain import DomainError
from services.registry.api.problems import PROBLEMS, warning_texts
from services.registry.domain import errors
from services.registry.domain.standing import DECREE_ENDS_SOON, SEAT_TAKEN_WARNING

REFUSALS = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, DomainError) and error is not DomainError
]


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: error.rule)
def test_a_refusal_is_worded_in_indonesian_and_english(error):
    text = PROBLEMS[error]
    assert text.status in {409, 422}
    assert text.title != text.title_en
    assert text.detail != text.detail_en
    assert facts(text.detail) == facts(text.detail_en)


def test_rules_are_named_once():
    rules = [error.rule for error in REFUSALS]
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize(
    ("code", "known"),
    [(SEAT_TAKEN_WARNING, {"region": "Gerendeng"}), (DECREE_ENDS_SOON, {"valid_until": "2026"})],
)
def test_a_warning_is_worded_with_its_facts(code, known):
    texts = warning_texts(code, known)
    assert all(value in text for text in texts.values() for value in known.values())


def facts(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}
