"""The decree (SK): by the right office, for the right region, and in force when it matters."""

from datetime import date, datetime

from kentongan.domain import Decision
from kentongan.domain.calendar import day_in
from services.registry.domain.errors import (
    DateInFuture,
    DecreeByWrongOffice,
    DecreeExpired,
    DecreeMissing,
    DecreeNotYetValid,
    DecreePeriodInvalid,
)
from services.registry.domain.kim import Decree, Kim, Office, Status
from services.registry.domain.public_state import update_event
from services.registry.domain.public_text import refuse_personal_data
from services.registry.domain.rules import Rules
from services.registry.domain.transitions import refuse_impossible


def set_decree(kim: Kim, decree: Decree, *, rules: Rules, now: datetime) -> Decision[Kim]:
    """Enter or replace the decree. Once the group is submitted it must also be in force.

    Raises ImpossibleTransition, DecreeByWrongOffice, DecreePeriodInvalid, DateInFuture,
    PersonalDataInPublicText, DecreeNotYetValid, DecreeExpired.
    """
    refuse_impossible(kim, "kim.set-decree")
    today = day_in(kim.region.code, now)
    refuse_personal_data(decree.number, field="/number")
    if decree.valid_until < decree.valid_from:
        raise DecreePeriodInvalid(field="/valid_until")
    if decree.dated > today:
        raise DateInFuture(field="/date", today=today)
    refuse_wrong_office(kim, decree, rules=rules)
    if kim.status is not Status.PROPOSED:
        refuse_out_of_force(decree, today=today)
    after = kim.model_copy(update={"decree": decree})
    return Decision(
        state=after, rule=f"decree-by-office:{rules.name}", event=update_event(kim, after)
    )


def refuse_wrong_office(kim: Kim, decree: Decree, *, rules: Rules) -> None:
    """Raise DecreeByWrongOffice: a lurah decrees for a kelurahan, a camat for a kecamatan."""
    offices = rules.decree_by(kim.level)
    expected = {
        office: kim.region.code if office is Office.LURAH else kim.region.district_code
        for office in offices
    }
    right = " / ".join(f"{office} {region}" for office, region in expected.items())
    if decree.office not in expected:
        raise DecreeByWrongOffice(field="/office", found=decree.office.value, expected=right)
    if decree.region_code != expected[decree.office]:
        found = f"{decree.office} {decree.region_code}"
        raise DecreeByWrongOffice(field="/region_code", found=found, expected=right)


def refuse_without_decree(kim: Kim, *, rules: Rules, today: date) -> None:
    """Raise unless the group has a decree of the right office that is in force today."""
    if kim.decree is None:
        raise DecreeMissing
    refuse_wrong_office(kim, kim.decree, rules=rules)
    refuse_out_of_force(kim.decree, today=today)


def refuse_out_of_force(decree: Decree, *, today: date) -> None:
    """Raise DecreeNotYetValid or DecreeExpired unless the decree is in force on this day."""
    if today < decree.valid_from:
        raise DecreeNotYetValid(field="/valid_from", valid_from=decree.valid_from)
    if today > decree.valid_until:
        raise DecreeExpired(field="/valid_until", valid_until=decree.valid_until)
