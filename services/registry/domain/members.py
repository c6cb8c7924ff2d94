"""Members and board: what is wrong is refused at once, what is missing only from submission on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kentongan.domain import Decision
from kentongan.domain.calendar import day_in
from services.registry.domain.errors import (
    BoardDeclarationMissing,
    BoardIncomplete,
    BoardMemberIsAffiliated,
    BoardMemberIsCivilServant,
    BoardRoleRepeated,
    DateInFuture,
    MemberLimits,
    MemberRepeated,
    MemberTooYoung,
)
from services.registry.domain.kim import BoardRole, Kim, Member, Status, folded
from services.registry.domain.public_state import update_event
from services.registry.domain.rules import Rules
from services.registry.domain.transitions import refuse_impossible


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a board member declares, as it is put in; only the day of a good one is kept."""

    declared_on: date
    not_civil_servant: bool
    not_affiliated: bool


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """One line of the members' list, as it is put in."""

    name: str
    birth_date: date
    role: BoardRole
    declaration: Declaration | None = None


def set_members(
    kim: Kim, entries: Sequence[MemberEntry], *, rules: Rules, now: datetime
) -> Decision[Kim]:
    """Replace the list of members. A proposed group may still be incomplete, any other may not.

    Raises ImpossibleTransition, MemberLimits, MemberRepeated, MemberTooYoung, DateInFuture,
    BoardRoleRepeated, BoardMemberIsCivilServant, BoardMemberIsAffiliated, and once the group is
    submitted BoardIncomplete and BoardDeclarationMissing.
    """
    refuse_impossible(kim, "kim.set-members")
    today = day_in(kim.region.code, now)
    for place, entry in enumerate(entries):
        _refuse_declared_otherwise(place, entry)
        _refuse_future(place, entry, today)
    members = tuple(_kept(entry) for entry in entries)
    _refuse_repeated(members)
    refuse_improper_members(members, rules=rules, today=today)
    if kim.status is not Status.PROPOSED:
        refuse_incomplete_members(members, rules=rules)
    after = kim.model_copy(update={"members": members})
    return Decision(
        state=after, rule=f"board-and-members:{rules.name}", event=update_event(kim, after)
    )


def refuse_improper_members(members: Sequence[Member], *, rules: Rules, today: date) -> None:
    """Raise for what no addition can heal: too many members, two chairs, too young a board."""
    if len(members) > rules.members_max:
        raise _limits(members, rules)
    if sum(member.role is BoardRole.KETUA for member in members) > 1:
        raise BoardRoleRepeated(field="/members", role=BoardRole.KETUA.value)
    for place, member in enumerate(members):
        if member.on_board and age(member.birth_date, today) < rules.board_age_min:
            raise MemberTooYoung(
                field=f"/members/{place}/birth_date",
                position=place + 1,
                minimum=rules.board_age_min,
            )


def refuse_incomplete_members(members: Sequence[Member], *, rules: Rules) -> None:
    """Raise for what is missing: members, a required board role, a board member's declaration."""
    if len(members) < rules.members_min:
        raise _limits(members, rules)
    held = {member.role for member in members}
    vacant = [role.value for role in rules.board_roles_required if role not in held]
    if vacant:
        raise BoardIncomplete(field="/members", roles=vacant)
    for place, member in enumerate(members):
        if member.on_board and member.declared_on is None:
            raise BoardDeclarationMissing(
                field=f"/members/{place}/declaration", position=place + 1, role=member.role.value
            )


def age(birth_date: date, today: date) -> int:
    """Completed years; who was born on 29 February completes one on 1 March in common years."""
    birthday_passed = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if birthday_passed else 1)


def _refuse_declared_otherwise(place: int, entry: MemberEntry) -> None:
    if entry.role is BoardRole.ANGGOTA or entry.declaration is None:
        return
    field = f"/members/{place}/declaration"
    if not entry.declaration.not_civil_servant:
        raise BoardMemberIsCivilServant(field=f"{field}/not_civil_servant", position=place + 1)
    if not entry.declaration.not_affiliated:
        raise BoardMemberIsAffiliated(field=f"{field}/not_affiliated", position=place + 1)


def _refuse_future(place: int, entry: MemberEntry, today: date) -> None:
    if entry.birth_date > today:
        raise DateInFuture(field=f"/members/{place}/birth_date", today=today)
    if entry.declaration is not None and entry.declaration.declared_on > today:
        raise DateInFuture(field=f"/members/{place}/declaration/date", today=today)


def _kept(entry: MemberEntry) -> Member:
    """What is stored: no declaration of an ordinary member, so that no affiliation ever is."""
    on_board = entry.role is not BoardRole.ANGGOTA
    return Member(
        name=entry.name,
        birth_date=entry.birth_date,
        role=entry.role,
        declared_on=entry.declaration.declared_on if entry.declaration and on_board else None,
    )


def _refuse_repeated(members: Sequence[Member]) -> None:
    persons = [(folded(member.name), member.birth_date) for member in members]
    seen = Counter(persons)
    for place, person in enumerate(persons):
        if seen[person] > 1 and person in persons[:place]:
            raise MemberRepeated(field=f"/members/{place}", position=place + 1)


def _limits(members: Sequence[Member], rules: Rules) -> MemberLimits:
    return MemberLimits(
        field="/members",
        found=len(members),
        minimum=rules.members_min,
        maximum=rules.members_max,
    )
