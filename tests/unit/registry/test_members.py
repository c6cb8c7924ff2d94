"""Who may be in a group and on its board, by the rules of its region."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from kentongan.contracts.registry import KimUpdated
from services.registry.domain.errors import (
    BoardDeclarationMissing,
    BoardIncomplete,
    BoardMemberIsAffiliated,
    BoardMemberIsCivilServant,
    BoardRoleRepeated,
    DateInFuture,
    ImpossibleTransition,
    MemberLimits,
    MemberRepeated,
    MemberTooYoung,
)
from services.registry.domain.kim import BoardRole
from services.registry.domain.members import age, set_members
from services.registry.domain.rules import RuleBook, Rules
from services.registry.domain.standing import dissolve, submit
from tests.unit.registry.builders import (
    DECLARED,
    NOW,
    RULES,
    board,
    complete,
    entry,
    proposed,
    registered,
    with_members,
)
from tests.unit.registry.scenario import given

pytestmark = pytest.mark.days


def setting(entries, rules=RULES):
    return lambda kim: set_members(kim, entries, rules=rules, now=NOW)


def test_a_proposed_group_may_still_lack_members_but_cannot_be_submitted():
    draft = given(proposed()).when(setting(board(2))).then(None).state
    given(draft).when(lambda kim: submit(kim, rules=RULES, now=NOW)).then_refused(
        MemberLimits, field=None, found=2, minimum=3, maximum=30
    )


@generated(
    minimum=st.integers(3, 40), extra=st.integers(0, 20), found=st.integers(3, 70), submitted=...
)
def test_limits_hold_for_every_configuration(minimum: int, extra: int, found: int, submitted: bool):
    rules = Rules(members_min=minimum, members_max=minimum + extra)
    scenario = given(registered() if submitted else proposed()).when(setting(board(found), rules))
    too_many = found > rules.members_max
    if too_many or (submitted and found < minimum):
        scenario.then_refused(MemberLimits, found=found, field="/members")
    else:
        assert len(scenario.then(KimUpdated if submitted and found != 5 else None).state.members)


def test_a_second_chair_is_refused():
    entries = [*board(), entry(BoardRole.KETUA, "Warga lain")]
    given(proposed()).when(setting(entries)).then_refused(BoardRoleRepeated, role="ketua")


def test_one_person_counts_once_however_the_name_is_written():
    entries = [*board(4), replace(board(4)[1], name="  WARGA   1 ", role=BoardRole.ANGGOTA)]
    given(proposed()).when(setting(entries)).then_refused(MemberRepeated, position=5)


@pytest.mark.parametrize("role", [role for role in BoardRole if role is not BoardRole.ANGGOTA])
def test_board_members_have_a_minimum_age_ordinary_members_none(role):
    child = {"birth_date": date(2015, 1, 1)}
    given(proposed()).when(setting([entry(role, "Anak", **child)])).then_refused(
        MemberTooYoung, field="/members/0/birth_date", minimum=17
    )
    given(proposed()).when(setting([entry(BoardRole.ANGGOTA, "Anak", **child)])).then(None)


def test_a_city_may_ask_for_an_older_board():
    rules = RuleBook({"36.71": {"board_age_min": 18}}).of("36.71.07.1013")
    seventeen = [entry(BoardRole.KETUA, "Warga", birth_date=date(2008, 9, 1))]
    given(proposed()).when(setting(seventeen)).then(None)
    given(proposed()).when(setting(seventeen, rules)).then_refused(MemberTooYoung, minimum=18)


@pytest.mark.parametrize(
    ("birth_date", "today", "expected"),
    [
        (date(2009, 3, 2), date(2026, 3, 2), 17),
        (date(2009, 3, 3), date(2026, 3, 2), 16),
        (date(2008, 2, 29), date(2025, 2, 28), 16),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
    ],
)
def test_age_in_completed_years(birth_date, today, expected):
    assert age(birth_date, today) == expected


def test_a_civil_servant_or_an_affiliated_person_cannot_be_on_the_board():
    for changes, error, field in (
        ({"not_civil_servant": False}, BoardMemberIsCivilServant, "not_civil_servant"),
        ({"not_affiliated": False}, BoardMemberIsAffiliated, "not_affiliated"),
    ):
        entries = board()
        entries[1] = replace(entries[1], declaration=replace(DECLARED, **changes))
        pointer = f"/members/1/declaration/{field}"
        given(proposed()).when(setting(entries)).then_refused(error, field=pointer, position=2)


def test_an_ordinary_members_affiliation_is_not_kept():
    affiliated = replace(DECLARED, not_affiliated=False)
    entries = [*board(), entry(BoardRole.ANGGOTA, "Warga lain", declaration=affiliated)]
    decision = given(proposed()).when(setting(entries)).then(None)
    assert decision.state.members[-1].declared_on is None


def test_a_registered_groups_board_must_stay_complete_and_declared():
    vacant = [replace(line, role=BoardRole.ANGGOTA) for line in board()]
    given(registered()).when(setting(vacant)).then_refused(
        BoardIncomplete, roles=["ketua", "sekretaris", "bendahara"]
    )
    undeclared = [replace(line, declaration=None) for line in board()]
    given(registered()).when(setting(undeclared)).then_refused(
        BoardDeclarationMissing, field="/members/0/declaration", role="ketua"
    )


def test_dates_that_have_not_come_are_refused_by_the_citys_own_calendar():
    tomorrow_in_utc = date(2026, 3, 3)
    late = NOW.replace(hour=18)  # 01:00 on the third in Tangerang
    born = [entry(BoardRole.ANGGOTA, "Warga", birth_date=tomorrow_in_utc)]
    given(proposed()).when(setting(born)).then_refused(DateInFuture)
    given(proposed()).when(lambda kim: set_members(kim, born, rules=RULES, now=late)).then(None)
    declared = replace(DECLARED, declared_on=tomorrow_in_utc)
    ahead = [entry(BoardRole.KETUA, "Warga", declaration=declared)]
    given(proposed()).when(setting(ahead)).then_refused(
        DateInFuture, field="/members/0/declaration/date"
    )


def test_only_a_changed_number_of_members_is_news():
    given(registered()).when(setting(board(9))).then(KimUpdated)
    renamed = [replace(line, name=f"{line.name} Baru") for line in board()]
    given(registered()).when(setting(renamed)).then(None)


def test_a_dissolved_group_is_left_as_it_was():
    over = dissolve(complete(), "bubar").state
    given(over).when(setting(board())).then_refused(ImpossibleTransition, status="dissolved")
    assert with_members(proposed()).members
