"""The tests' clock, and the days that it means: always those of a region, never UTC's.

No test asks the machine, nor cuts a day out of a moment: between 15:00 and 24:00 UTC it is
tomorrow already somewhere in Indonesia.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from kentongan.domain.calendar import day_in, zone_of
from kentongan.domain.clock import utc_now

CITY = "36.71"
"""Kota Tangerang, where it is WIB."""


def today(region_code: str = CITY) -> date:
    """The date in a region, as the services have it."""
    return day_in(region_code, utc_now())


def moment_of(day: date, at: time = time.min, region_code: str = CITY) -> datetime:
    """The moment at which a region's clocks show this time of that day."""
    return datetime.combine(day, at, zone_of(region_code))


@dataclass
class Clock:
    """The clock of one process; a test may move it. It begins at a whole millisecond, which is
    what MongoDB keeps.
    """

    now: datetime = field(default_factory=utc_now)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)

    def today(self, region_code: str = CITY) -> date:
        """The date in a region."""
        return day_in(region_code, self.now)

    def midnight(self, *, days: int = 0, region_code: str = CITY) -> datetime:
        """When the day begins in a region that is so many days after today."""
        return moment_of(self.today(region_code) + timedelta(days=days), region_code=region_code)

    def set_hour(self, hour: int) -> None:
        """Turn to a full hour of today in Tangerang."""
        self.now = moment_of(self.today(), time(hour))
