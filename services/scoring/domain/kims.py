"""Whether a group (KIM) may enter a competition."""

from kentongan.domain.kims import Kim, KimStatus
from kentongan.domain.regions import region_covers
from services.scoring.domain.errors import KimNotRegistered, KimOutsideCompetition


def ensure_may_enter(kim: Kim, region_code: str) -> None:
    """Raises KimNotRegistered, KimOutsideCompetition. `region_code` is the competition's."""
    if kim.status != KimStatus.REGISTERED.value:
        raise KimNotRegistered(kim=kim.name, status=kim.status)
    if not region_covers(region_code, kim.region_code):
        raise KimOutsideCompetition(kim=kim.name, region=region_code)
