"""A group (KIM) as placement sees it in its directory, and whether it may have students."""

from datetime import date
from enum import StrEnum

from kentongan.domain.regions import region_covers
from services.placement.domain.errors import KimNotRegistered, KimOutsideCohort
from services.placement.domain.state import State


class KimStatus(StrEnum):
    """The standing that the registry publishes."""

    REGISTERED = "registered"
    SUSPENDED = "suspended"
    DISSOLVED = "dissolved"


class Flag(StrEnum):
    """Why a group can no longer have students; published in AssignmentFlagged."""

    SUSPENDED = "kim-suspended"
    DISSOLVED = "kim-dissolved"
    DECREE_EXPIRED = "decree-expired"


class Kim(State):
    """The public facts about a group on which placement decides."""

    kim_id: str
    name: str
    status: str
    region_code: str
    region_name: str
    level: str
    district_code: str
    district_name: str
    city_code: str
    potentials: tuple[str, ...]
    nik_komunitas: str
    valid_until: date


def standing(kim: Kim, today: date) -> Flag | None:
    """Why the group can have no students, or None where it can. `today` is the city's date."""
    if kim.status == KimStatus.DISSOLVED:
        return Flag.DISSOLVED
    if kim.status == KimStatus.SUSPENDED:
        return Flag.SUSPENDED
    if kim.valid_until < today:
        return Flag.DECREE_EXPIRED
    return None


def ensure_can_host(kim: Kim, region_code: str, today: date, field: str) -> None:
    """Raises KimOutsideCohort, KimNotRegistered where the region's cohorts can't use the group."""
    if not region_covers(region_code, kim.region_code):
        raise KimOutsideCohort(field=field, kim=kim.name, region_code=region_code)
    flag = standing(kim, today)
    if flag is not None:
        raise KimNotRegistered(field=field, kim=kim.name, flag=flag.value)
