"""What an audience means today: the groups that it names must be known, and lie where they may."""

from dataclasses import dataclass

from kentongan.domain import NotKnownYet
from kentongan.domain.regions import region_covers
from services.broadcast.domain.audiences import Audience, ensure_within
from services.broadcast.domain.errors import AudienceOutsideRegion
from services.broadcast.read_models import DistrictCount, KimDirectory


@dataclass(frozen=True, slots=True)
class Preview:
    """How many groups an audience would reach, if it were published now."""

    groups: int
    by_district: tuple[DistrictCount, ...]


class Addressing:
    """Looks an audience up in the directory."""

    def __init__(self, kims: KimDirectory) -> None:
        self._kims = kims

    async def ensure_known(self, audience: Audience | None, region_code: str) -> None:
        """Raises NotKnownYet, AudienceOutsideRegion for a group that is named one by one."""
        if audience is None or not audience.kim_ids:
            return
        known = await self._kims.many(audience.kim_ids)
        for position, kim_id in enumerate(audience.kim_ids):
            field = f"/audience/kim_ids/{position}"
            kim = known.get(kim_id)
            if kim is None:
                raise NotKnownYet(field=field, kind="KIM", id=kim_id)
            if not region_covers(region_code, kim.region_code):
                raise AudienceOutsideRegion(
                    field=field, region=kim.region_code, region_code=region_code
                )

    async def preview(self, audience: Audience, region_code: str) -> Preview:
        """Count the groups. Raises AudienceEmpty, AudienceOutsideRegion, NotKnownYet."""
        ensure_within(audience, region_code)
        await self.ensure_known(audience, region_code)
        counted = await self._kims.count_by_district(audience)
        return Preview(sum(each.groups for each in counted), tuple(counted))
