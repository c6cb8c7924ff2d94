"""A group's public state, as its events carry it: no member, no board, no reason."""

from typing import TypeVar

from kentongan.contracts.registry import Decree, KimState, KimUpdated, PublicLink, Region
from services.registry.domain.kim import Kim

PublicEvent = TypeVar("PublicEvent", bound=KimState)


def state_event(event: type[PublicEvent], kim: Kim) -> PublicEvent:
    """The event of this type with the group's state. Only a group with a number has one."""
    if kim.nik_komunitas is None or kim.decree is None or kim.registered_at is None:
        raise ValueError("a group without a nik_komunitas has no public state")
    return event(
        kim_id=kim.kim_id,
        name=kim.name,
        region=Region(**kim.region.model_dump(mode="json")),
        status=kim.status.value,
        nik_komunitas=kim.nik_komunitas,
        potentials=list(kim.potentials),
        links=[PublicLink(kind=link.kind, url=link.url) for link in kim.links],
        member_count=len(kim.members),
        decree=Decree(
            number=kim.decree.number,
            date=kim.decree.dated,
            office=f"{kim.decree.office}:{kim.decree.region_code}",
            valid_from=kim.decree.valid_from,
            valid_until=kim.decree.valid_until,
        ),
        registered_at=kim.registered_at,
    )


def update_event(before: Kim, after: Kim) -> KimUpdated | None:
    """KimUpdated where the public sees a difference; before registration it sees nothing."""
    if after.number is None:
        return None
    event = state_event(KimUpdated, after)
    return event if event != state_event(KimUpdated, before) else None
