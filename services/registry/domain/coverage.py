"""How far a city has come: registered groups per kelurahan, by district, against a target [S3]."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.registry.domain.kim import EXPIRED, Status
from services.registry.domain.regions import District, Village

REGISTERED = Status.REGISTERED.value


@dataclass(frozen=True, slots=True)
class Seated:
    """A group that holds a kelurahan's seat, and its standing on the day (`Kim.standing`)."""

    region_code: str
    standing: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Figures of one district, or of all. `percent` counts groups with a valid decree."""

    code: str
    name: str
    kelurahan: int
    registered: int
    suspended: int
    expired: int
    target: float
    missing: tuple[Village, ...]
    """Kelurahan whose seat is free."""

    @property
    def percent(self) -> float:
        """Registered groups per hundred kelurahan, to one decimal."""
        return round(100 * self.registered / self.kelurahan, 1) if self.kelurahan else 0.0

    @property
    def reached(self) -> bool:
        """Whether the target is met, judged on the counts, not on the rounded percentage."""
        return 100 * self.registered >= self.target * self.kelurahan


def by_district(
    districts: Sequence[District], seated: Iterable[Seated], *, target: float
) -> tuple[Coverage, ...]:
    """The figures of each district, in the order given."""
    standings = {group.region_code: group.standing for group in seated}
    return tuple(_of(district, standings, target) for district in districts)


def total(code: str, name: str, parts: Sequence[Coverage], *, target: float) -> Coverage:
    """The figures of the whole."""
    return Coverage(
        code=code,
        name=name,
        kelurahan=sum(part.kelurahan for part in parts),
        registered=sum(part.registered for part in parts),
        suspended=sum(part.suspended for part in parts),
        expired=sum(part.expired for part in parts),
        target=target,
        missing=tuple(village for part in parts for village in part.missing),
    )


def _of(district: District, standings: dict[str, str], target: float) -> Coverage:
    found = [standings.get(village.code) for village in district.villages]
    return Coverage(
        code=district.code,
        name=district.name,
        kelurahan=len(district.villages),
        registered=found.count(REGISTERED),
        suspended=found.count(Status.SUSPENDED.value),
        expired=found.count(EXPIRED),
        target=target,
        missing=tuple(village for village in district.villages if village.code not in standings),
    )
