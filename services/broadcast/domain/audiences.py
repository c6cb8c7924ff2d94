"""Whom a content is addressed to: groups by region and potential, and groups named one by one."""

from kentongan.contracts.broadcast import ContentAudience
from kentongan.domain.kims import Kim, KimStatus
from kentongan.domain.regions import region_covers
from kentongan.domain.state import State
from services.broadcast.domain.errors import AudienceEmpty, AudienceOutsideRegion

MOST_REGIONS = 50
MOST_KIMS = 500
MOST_POTENTIALS = 20


class Audience(State):
    """Groups in these regions that have one of these potentials (none given: any), and `kim_ids`.

    The regions also say in which feeds the content stands.
    """

    regions: tuple[str, ...] = ()
    potentials: tuple[str, ...] = ()
    kim_ids: tuple[str, ...] = ()

    def holds(self, kim: Kim) -> bool:
        """Whether this group is addressed; only registered ones are."""
        if kim.status != KimStatus.REGISTERED:
            return False
        return kim.kim_id in self.kim_ids or self._holds_by_region(kim)

    def touches(self, region_code: str) -> bool:
        """Whether the content stands in this region's feed: it is for it, around it or within."""
        return any(
            region_covers(region, region_code) or region_covers(region_code, region)
            for region in self.regions
        )

    def published(self) -> ContentAudience:
        """The audience in an event."""
        return ContentAudience(
            regions=list(self.regions),
            potentials=list(self.potentials),
            kim_ids=list(self.kim_ids),
        )

    def _holds_by_region(self, kim: Kim) -> bool:
        if not any(region_covers(region, kim.region_code) for region in self.regions):
            return False
        return not self.potentials or not set(self.potentials).isdisjoint(kim.potentials)


def ensure_within(audience: Audience, region_code: str, field: str = "/audience") -> None:
    """Raises AudienceEmpty, AudienceOutsideRegion: an office addresses its own region only."""
    if not audience.regions and not audience.kim_ids:
        raise AudienceEmpty(field=field)
    for position, region in enumerate(audience.regions):
        if not region_covers(region_code, region):
            raise AudienceOutsideRegion(
                field=f"{field}/regions/{position}", region=region, region_code=region_code
            )


def own_region(region_code: str) -> Audience:
    """The audience of what a group publishes by itself: the feeds of its region."""
    return Audience(regions=(region_code,))
