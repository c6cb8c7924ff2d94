"""What placement keeps from others' events: the directory of groups (KIM)."""

from datetime import date

from kentongan.domain.kims import Kim, KimStatus
from kentongan.domain.regions import region_pattern
from kentongan.kims import directory
from services.placement.domain.kims import standing


class KimDirectory(directory.KimDirectory):
    """The groups, and which of them can have students."""

    async def able_to_host(self, region_code: str, today: date) -> list[Kim]:
        """The groups of a region that can have students today, by id."""
        registered = await self.matching(
            {
                "entry.region_code": {"$regex": region_pattern(region_code)},
                "entry.status": KimStatus.REGISTERED.value,
            }
        )
        return [kim for kim in registered if standing(kim, today) is None]
