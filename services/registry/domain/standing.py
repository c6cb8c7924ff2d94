"""A group's standing: submitted, registered with its number, suspended, reinstated, dissolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kentongan.contracts.registry import (
    KimDissolved,
    KimRegistered,
    KimReinstated,
    KimSuspended,
)
from kentongan.domain import Decision, DomainError
from kentongan.domain.calendar import day_in
from services.registry.domain.decree import refuse_without_decree
from services.registry.domain.kim import Kim, Status
from services.registry.domain.members import refuse_improper_members, refuse_incomplete_members
from services.registry.domain.public_state import state_event
from services.registry.domain.rules import Rules
from services.registry.domain.transitions import refuse_impossible

SEAT_TAKEN_WARNING = "seat-taken"
DECREE_ENDS_SOON = "decree-ends-soon"
_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that doesn't stop a submission, but that Diskominfo will stumble over."""

    code: str
    facts: dict[str, str]


def submit(kim: Kim, *, rules: Rules, now: datetime) -> Decision[Kim]:
    """Hand a complete group to Diskominfo. Raises ImpossibleTransition and what
    `refuse_incomplete` raises."""
    refuse_impossible(kim, "kim.submit")
    refuse_incomplete(kim, rules=rules, today=day_in(kim.region.code, now))
    return Decision(
        state=kim.model_copy(update={"status": Status.SUBMITTED}),
        rule=f"requirements-met:{rules.name}",
    )


def submission_warnings(
    kim: Kim, *, seat_holder: str | None, rules: Rules, now: datetime
) -> tuple[Warned, ...]:
    """What to say at submission: the seat is held by another, the decree ends within 60 days."""
    warnings: list[Warned] = []
    if seat_holder is not None and seat_holder != kim.kim_id:
        warnings.append(Warned(SEAT_TAKEN_WARNING, {"region": kim.region.name}))
    if kim.decree is not None and kim.decree.valid_until - day_in(kim.region.code, now) < _SOON:
        ends = kim.decree.valid_until.isoformat()
        warnings.append(Warned(DECREE_ENDS_SOON, {"valid_until": ends}))
    return tuple(warnings)


def return_with_reasons(kim: Kim, reasons: Sequence[str]) -> Decision[Kim]:
    """Give a submitted group back to its board. The reasons stay in the trail of decisions."""
    refuse_impossible(kim, "kim.return")
    return Decision(
        state=kim.model_copy(update={"status": Status.PROPOSED}),
        rule="returned-with-reasons",
        note="\n".join(reasons),
    )


def register(kim: Kim, *, number: int, rules: Rules, now: datetime) -> Decision[Kim]:
    """Register a complete group under the next free number of its city, and give it its seat.

    Whether the number and the seat are free is the storage's unique index to say, not this rule's.
    Raises ImpossibleTransition and what `refuse_incomplete` raises: a decree can run out.
    """
    refuse_impossible(kim, "kim.register")
    refuse_incomplete(kim, rules=rules, today=day_in(kim.region.code, now))
    after = kim.model_copy(
        update={
            "status": Status.REGISTERED,
            "number": number,
            "nik_komunitas": rules.nik(city=kim.city_code, number=number),
            "seat": kim.wanted_seat,
            "registered_at": now,
        }
    )
    return Decision(
        state=after,
        rule=f"requirements-met:{rules.name}",
        event=state_event(KimRegistered, after),
    )


def suspend(kim: Kim, reason: str) -> Decision[Kim]:
    """Suspend a registered group: it keeps seat and number, and receives no students."""
    refuse_impossible(kim, "kim.suspend")
    after = kim.model_copy(update={"status": Status.SUSPENDED})
    return Decision(
        state=after,
        rule="suspended-for-reason",
        event=state_event(KimSuspended, after),
        note=reason,
    )


def reinstate(kim: Kim, *, rules: Rules, now: datetime) -> Decision[Kim]:
    """Lift a suspension of a group that still fulfils the requirements."""
    refuse_impossible(kim, "kim.reinstate")
    refuse_incomplete(kim, rules=rules, today=day_in(kim.region.code, now))
    after = kim.model_copy(update={"status": Status.REGISTERED})
    return Decision(
        state=after,
        rule=f"requirements-met:{rules.name}",
        event=state_event(KimReinstated, after),
    )


def dissolve(kim: Kim, reason: str) -> Decision[Kim]:
    """End a group for good: its seat is free again. One without a number ends unpublished."""
    refuse_impossible(kim, "kim.dissolve")
    after = kim.model_copy(update={"status": Status.DISSOLVED, "seat": None})
    return Decision(
        state=after,
        rule="dissolved-for-reason",
        event=None if after.number is None else state_event(KimDissolved, after),
        note=reason,
    )


def refuse_incomplete(kim: Kim, *, rules: Rules, today: date) -> None:
    """Raise unless decree, members and board fulfil the region's rules on this day [S4]."""
    try:
        refuse_improper_members(kim.members, rules=rules, today=today)
        refuse_incomplete_members(kim.members, rules=rules)
        refuse_without_decree(kim, rules=rules, today=today)
    except DomainError as refusal:
        refusal.field = None  # what is wrong stands in the group, not in this command's payload
        raise
