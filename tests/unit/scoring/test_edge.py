"""What holds at scoring's edge: every refusal is worded, in both languages."""

import inspect
import string

import pytest

from kentongan.domain import DomainError
from services.scoring.api.problems import PROBLEMS
from services.scoring.domain import errors, voting_errors

ERRORS = [
    error
    for module in (errors, voting_errors)
    for _, error in inspect.getmembers(module, inspect.isclass)
    if issubclass(error, DomainError) and error is not DomainError
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.rule)
def test_every_refusal_is_worded_in_both_languages(error: type[DomainError]) -> None:
    text = PROBLEMS[error]
    assert text.title != text.title_en
    assert text.detail != text.detail_en
    facts = {name for _, name, _, _ in string.Formatter().parse(text.detail) if name}
    assert facts == {name for _, name, _, _ in string.Formatter().parse(text.detail_en) if name}


def test_rules_are_told_apart() -> None:
    assert len({error.rule for error in ERRORS}) == len(ERRORS)
