"""What holds at placement's edge: every refusal worded, ids opaque, secrets demanded."""

import inspect
import string

import pytest
from pydantic import SecretStr, ValidationError

from kentongan.domain import DomainError
from kentongan.settings import DEVELOPMENT_SECRET
from services.placement.api.problems import PROBLEMS
from services.placement.domain import errors
from services.placement.domain.identity import Identities
from services.placement.settings import PlacementSettings

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
    facts, facts_en = _facts(text.detail), _facts(text.detail_en)
    assert facts == {name.removesuffix("_en") for name in facts_en}
    documented = (error.__doc__ or "").split("Facts:")[-1]
    told = facts | facts_en
    assert {name for name in told if name not in documented and "dates" not in documented} == set()


def _facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_rules_are_told_apart() -> None:
    assert len({error.rule for error in ERRORS}) == len(ERRORS)


def test_ids_of_students_need_the_secret() -> None:
    ours, theirs = Identities("secret of this city"), Identities("secret of another")
    assert ours.enrolment_id("c", "u", "1") == ours.enrolment_id("c", "u", "1")
    assert ours.enrolment_id("c", "u", "1") != theirs.enrolment_id("c", "u", "1")
    assert ours.enrolment_id("c", "u", "1") != ours.enrolment_id("c2", "u", "1")
    assert ours.enrolment_id("a", "bc", "1") != ours.enrolment_id("ab", "c", "1")
    assert ours.person("u", "1") == ours.person("u", "1")


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_ENVIRONMENT", "production")
    monkeypatch.setenv("KENTONGAN_AUTH_JWKS_URL", "https://id.example.id/keys")


@pytest.mark.usefixtures("production")
def test_production_needs_a_secret_of_its_own() -> None:
    for secret in (DEVELOPMENT_SECRET, "short"):
        with pytest.raises(ValidationError, match="KENTONGAN_PLACEMENT_SECRET"):
            PlacementSettings(placement_secret=SecretStr(secret))
    PlacementSettings(placement_secret=SecretStr("x" * 32))


@pytest.mark.usefixtures("production")
def test_the_city_chooses_its_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_PLACEMENT_SECRET", "x" * 32)
    monkeypatch.setenv("KENTONGAN_PLACEMENT_FIT", '{"kelautan": {"wisata": 2}}')
    settings = PlacementSettings()
    assert settings.placement_fit == {"kelautan": {"wisata": 2}}
