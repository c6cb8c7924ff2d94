"""A group's life: what leads where, what is published, and what is refused."""

from datetime import date, timedelta

import pytest

from kentongan.contracts.registry import (
    KimDissolved,
    KimRegistered,
    KimReinstated,
    KimSuspended,
    KimUpdated,
)
from kentongan.domain.calendar import day_in
from services.registry.domain.decree import set_decree
from services.registry.domain.errors import (
    BoardIncomplete,
    DateInFuture,
    DecreeByWrongOffice,
    DecreeExpired,
    DecreeMissing,
    DecreeNotYetValid,
    DecreePeriodInvalid,
    ImpossibleTransition,
)
from services.registry.domain.kim import Kim, Office, Status
from services.registry.domain.rules import RuleBook
from services.registry.domain.standing import (
    dissolve,
    register,
    reinstate,
    return_with_reasons,
    submission_warnings,
    submit,
    suspend,
)
from services.registry.domain.transitions import ALLOWED, refuse_impossible
from tests.unit.registry.builders import (
    GERENDENG,
    KARAWACI,
    NOW,
    RULES,
    complete,
    decree,
    proposed,
    registered,
    submitted,
    with_members,
)
from tests.unit.registry.scenario import given

pytestmark = pytest.mark.days


def deciding(found):
    return lambda kim: set_decree(kim, found, rules=RULES, now=NOW)


def submitting(kim: Kim):
    return submit(kim, rules=RULES, now=NOW)


def registering(kim: Kim):
    return register(kim, number=7, rules=RULES, now=NOW)


def reinstating(kim: Kim):
    return reinstate(kim, rules=RULES, now=NOW)


def test_a_complete_group_is_submitted_and_registered_with_number_and_seat():
    handed_in = given(complete()).when(submitting).then(None, status=Status.SUBMITTED)
    decision = (
        given(handed_in.state)
        .when(registering)
        .then(
            KimRegistered,
            status=Status.REGISTERED,
            nik_komunitas="36.71-0007",
            seat="kelurahan:36.71.07.1013",
            registered_at=NOW,
        )
    )
    event = decision.event
    assert isinstance(event, KimRegistered)
    assert event.key == "kim-1"
    assert event.decree.office == "lurah:36.71.07.1013"
    assert event.region.aliases == ["Grendeng"]
    assert event.member_count == 5


def test_a_returned_group_goes_back_to_its_board_with_the_reasons_kept_unpublished():
    decision = (
        given(submitted())
        .when(lambda kim: return_with_reasons(kim, ["SK buram", "alamat kosong"]))
        .then(None, status=Status.PROPOSED)
    )
    assert decision.note == "SK buram\nalamat kosong"


def test_suspension_keeps_the_seat_and_dissolution_gives_it_back_but_never_the_number():
    suspended = (
        given(registered())
        .when(lambda kim: suspend(kim, "tidak aktif"))
        .then(KimSuspended, status=Status.SUSPENDED, seat="kelurahan:36.71.07.1013")
    )
    given(suspended.state).when(reinstating).then(KimReinstated, status=Status.REGISTERED)
    over = (
        given(suspended.state)
        .when(lambda kim: dissolve(kim, "bubar"))
        .then(KimDissolved, status=Status.DISSOLVED, seat=None, number=1)
    )
    assert "bubar" not in over.event.model_dump_json()


def test_a_group_that_never_had_a_number_ends_unpublished():
    given(submitted()).when(lambda kim: dissolve(kim, "batal")).then(None, seat=None)


@pytest.mark.parametrize(
    ("incomplete", "error"),
    [
        (lambda: with_members(complete(), []), None),
        (lambda: complete().model_copy(update={"decree": None}), DecreeMissing),
        (
            lambda: complete().model_copy(update={"members": complete().members[1:]}),
            BoardIncomplete,
        ),
    ],
)
def test_what_is_missing_is_refused_at_submission_without_a_pointer(incomplete, error):
    scenario = given(incomplete()).when(submitting)
    assert scenario.refusal is not None
    assert scenario.refusal.field is None
    assert error is None or type(scenario.refusal) is error


def test_a_decree_that_ran_out_between_submission_and_registration_stops_it():
    later = NOW + timedelta(days=3 * 366)
    given(submitted()).when(
        lambda kim: register(kim, number=1, rules=RULES, now=later)
    ).then_refused(DecreeExpired, valid_until=date(2029, 1, 11))


def test_a_decree_is_valid_on_its_last_day_and_shows_as_expired_after_it():
    last = date(2029, 1, 11)
    assert registered().standing(last) == "registered"
    assert registered().standing(last + timedelta(days=1)) == "expired"
    suspended = suspend(registered(), "x").state
    assert suspended.standing(last + timedelta(days=1)) == "suspended"


def test_an_expired_group_returns_by_a_new_decree():
    later = NOW + timedelta(days=4 * 366)
    renewed = decree(
        dated=date(2030, 1, 5), valid_from=date(2030, 1, 5), valid_until=date(2033, 1, 4)
    )
    decision = given(registered()).when(
        lambda kim: set_decree(kim, renewed, rules=RULES, now=later)
    )
    assert decision.then(KimUpdated).state.standing(day_in("36.71", later)) == "registered"


@pytest.mark.parametrize(
    ("region", "wrong", "field"),
    [
        (GERENDENG, {"office": Office.CAMAT, "region_code": "36.71.07"}, "/office"),
        (GERENDENG, {"region_code": "36.71.07.1001"}, "/region_code"),
        (KARAWACI, {"region_code": "36.71.07"}, "/office"),
        (KARAWACI, {"office": Office.CAMAT, "region_code": "36.71.01"}, "/region_code"),
    ],
)
def test_a_decree_by_the_wrong_head_is_refused(region, wrong, field):
    given(proposed(region)).when(deciding(decree(**wrong))).then_refused(
        DecreeByWrongOffice, field=field
    )


def test_a_camat_decrees_a_kecamatan_group_and_where_configured_a_kelurahan_group():
    by_camat = decree(office=Office.CAMAT, region_code="36.71.07")
    given(proposed(KARAWACI)).when(deciding(by_camat)).then(None)
    rules = RuleBook({"36.71": {"kelurahan_decree_by": ["lurah", "camat"]}}).of(GERENDENG.code)
    given(proposed()).when(lambda kim: set_decree(kim, by_camat, rules=rules, now=NOW)).then(None)


def test_a_decrees_dates_must_make_sense():
    given(proposed()).when(deciding(decree(valid_until=date(2025, 1, 1)))).then_refused(
        DecreePeriodInvalid, field="/valid_until"
    )
    given(proposed()).when(deciding(decree(dated=date(2026, 3, 3)))).then_refused(DateInFuture)
    future = decree(valid_from=date(2026, 4, 1))
    draft = given(with_members(proposed())).when(deciding(future)).then(None)
    given(draft.state).when(submitting).then_refused(DecreeNotYetValid)


def test_submission_warns_of_a_taken_seat_and_of_a_decree_about_to_end():
    def codes(kim, holder):
        found = submission_warnings(kim, seat_holder=holder, rules=RULES, now=NOW)
        return [warned.code for warned in found]

    assert codes(complete(), None) == []
    assert codes(complete(), "kim-1") == []
    assert codes(complete(), "kim-2") == ["seat-taken"]
    ending = complete().model_copy(update={"decree": decree(valid_until=date(2026, 4, 1))})
    assert codes(ending, None) == ["decree-ends-soon"]


@pytest.mark.parametrize("command", ALLOWED)
@pytest.mark.parametrize("status", Status)
def test_every_command_is_refused_in_every_other_status(command, status):
    kim = proposed().model_copy(update={"status": status})
    if status in ALLOWED[command]:
        refuse_impossible(kim, command)
    else:
        with pytest.raises(ImpossibleTransition) as refusal:
            refuse_impossible(kim, command)
        assert refusal.value.facts["status"] == status.value
