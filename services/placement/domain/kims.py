"""Whether a group (KIM) may have students, and why not."""

from datetime import date
from enum import StrEnum

from kentongan.domain.kims import Kim, KimStatus
from kentongan.domain.regions import region_covers
from services.placement.domain.errors import KimNotRegistered, KimOutsideCohort


class Flag(StrEnum):
    """Why a group can no longer have students; published in AssignmentFlagged."""

    SUSPENDED = "kim-suspended"
    DISSOLVED = "kim-dissolved"
    DECREE_EXPIRED = "decree-expired"


FLAG_MEANINGS: dict[str, tuple[str, str]] = {
    Flag.SUSPENDED: ("dibekukan", "it is suspended"),
    Flag.DISSOLVED: ("dibubarkan", "it is dissolved"),
    Flag.DECREE_EXPIRED: ("SK-nya berakhir", "its decree ran out"),
}
"""What a flag says after a colon, in Indonesian and English."""


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
        why, why_en = FLAG_MEANINGS[flag]
        raise KimNotRegistered(field=field, kim=kim.name, flag=flag.value, why=why, why_en=why_en)
