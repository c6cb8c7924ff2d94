"""Rules by region prefix: the longest at a dot wins, and nonsense is refused at start."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.registry.domain.rules import RuleBook
from services.registry.settings import RegistrySettings


def test_the_longest_prefix_wins_field_by_field():
    book = RuleBook(
        {
            "36": {"members_min": 4, "board_age_min": 18},
            "36.71": {"members_min": 10},
            "36.71.07": {"coverage_target_percent": 80},
        }
    )
    karawaci = book.of("36.71.07.1013")
    assert (karawaci.members_min, karawaci.board_age_min) == (10, 18)
    assert (karawaci.coverage_target_percent, karawaci.name) == (80, "36.71.07")
    assert book.of("36.72.01.1001").members_min == 4
    assert (book.of("18.72").members_min, book.of("18.72").name) == (3, "default")


def test_a_prefix_matches_at_a_dot_only():
    assert RuleBook({"36.71": {"members_min": 9}}).of("36.7100").members_min == 3


@given(
    depths=st.sets(st.integers(1, 4), min_size=1),
    values=st.lists(st.integers(1, 29), min_size=4, max_size=4),
)
def test_the_deepest_configured_level_decides(depths: set[int], values: list[int]):
    parts = ["36", "71", "07", "1013"]
    book = RuleBook(
        {".".join(parts[:depth]): {"members_min": values[depth - 1]} for depth in depths}
    )
    assert book.of("36.71.07.1013").members_min == values[max(depths) - 1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"36.7": {"members_min": 3}},
        {"36.71": {"member_min": 3}},
        {"36.71": {"name": "x"}},
        {"36.71": {"members_min": 31}},
        {"36.71": {"nik_format": "{city}"}},
        {"36.71": {"nik_format": "{number}{kim.name}"}},
        {"36.71": {"nik_format": "{number:q}"}},
        {"36.71": {"board_roles_required": ["anggota"]}},
        {"36": {"members_min": 20}, "36.71": {"members_max": 10}},
    ],
)
def test_rules_that_cannot_hold_are_refused_when_the_book_is_made(wrong):
    with pytest.raises(ValueError):
        RuleBook(wrong)


def test_settings_read_the_rules_from_json_or_from_a_file(monkeypatch, tmp_path):
    rules = {"36.71": {"members_max": 12}}
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(rules))
    for given_rules in (json.dumps(rules), str(path)):
        monkeypatch.setenv("KENTONGAN_REGISTRY_RULES", given_rules)
        settings = RegistrySettings(environment="development")
        assert settings.registry_rules.of("36.71.07").members_max == 12
    for wrong in ("/no/such/file", "{", '{"36.71": 3}', '{"36.71": {"members_max": 2}}'):
        monkeypatch.setenv("KENTONGAN_REGISTRY_RULES", wrong)
        with pytest.raises(ValidationError):
            RegistrySettings(environment="development")
    monkeypatch.delenv("KENTONGAN_REGISTRY_RULES")
    assert RegistrySettings(environment="development").registry_rules.of("36.71").members_max == 30
