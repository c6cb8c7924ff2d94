"""What holds at broadcast's edge: every refusal worded, secrets demanded."""

import inspect
import string

import pytest
from pydantic import SecretStr, ValidationError

from kentongan.domain import DomainError
from kentongan.settings import DEVELOPMENT_SECRET
from services.broadcast.api.problems import PROBLEMS
from services.broadcast.domain import errors
from services.broadcast.settings import BroadcastSettings

ERRORS = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, DomainError) and error is not DomainError
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.rule)
def test_every_refusal_is_worded_in_both_languages(error: type[DomainError]) -> None:
    text = PROBLEMS[error]
    assert text.title != text.title_en
    assert text.detail != text.detail_en
    facts = {name for _, name, _, _ in string.Formatter().parse(text.detail) if name}
    assert facts == {name for _, name, _, _ in string.Formatter().parse(text.detail_en) if name}
    documented = (error.__doc__ or "").split("Facts:")[-1]
    assert {name for name in facts if name not in documented} == set()


def test_rules_are_told_apart() -> None:
    assert len({error.rule for error in ERRORS}) == len(ERRORS)


def test_production_demands_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_AUTH_JWKS_URL", "https://auth.example.id/jwks")
    with pytest.raises(ValidationError, match="KENTONGAN_BROADCAST_SECRET"):
        BroadcastSettings(environment="production")
    with pytest.raises(ValidationError, match="32 characters"):
        BroadcastSettings(environment="development", broadcast_secret=SecretStr("short"))
    own = SecretStr("a secret of this city, long enough for it")
    assert BroadcastSettings(environment="production", broadcast_secret=own)
    assert BroadcastSettings(environment="development").broadcast_secret == SecretStr(
        DEVELOPMENT_SECRET
    )
