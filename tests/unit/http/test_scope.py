"""A region scope matches at a dot, in code and in queries alike."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.domain.regions import region_covers, region_pattern
from kentongan.http import Caller, ForeignRegion, NotOwn, Role

CODES = st.sampled_from(
    ["36", "36.7", "36.71", "36.71.01", "36.71.010", "36.71.01.1001", "36x71", "3", "18.72"]
)


@pytest.mark.parametrize(
    ("scope", "code", "covered"),
    [
        ("36.71", "36.71", True),
        ("36.71", "36.71.01.1001", True),
        ("36", "36.71", True),
        ("36.7", "36.71", False),
        ("36.71.01", "36.71", False),
        (None, "36.71", False),
    ],
)
def test_a_scope_covers_what_lies_below_its_dot(
    scope: str | None, code: str, covered: bool
) -> None:
    assert region_covers(scope, code) is covered


@given(st.none() | CODES, CODES)
def test_the_query_pattern_says_the_same(scope: str | None, code: str) -> None:
    assert bool(re.search(region_pattern(scope), code)) == region_covers(scope, code)


def test_a_caller_is_held_to_what_is_theirs() -> None:
    caller = Caller(sub="u", roles=frozenset({Role.KIM}), region="36.71.01.1001", kim_id="k-1")
    caller.require_kim("k-1")
    caller.require_region("36.71.01.1001")
    for refuse in (
        lambda: caller.require_kim("k-2"),
        lambda: caller.require_university("unis"),
        lambda: caller.require_student("e-1"),
        lambda: caller.require_judge("j-1"),
    ):
        with pytest.raises(NotOwn):
            refuse()
    with pytest.raises(ForeignRegion):
        caller.require_region("36.71.01.1002")
