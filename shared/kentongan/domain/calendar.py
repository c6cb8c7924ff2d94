"""Which day it is in a region. A decree ends, and a period begins, at midnight there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
"""The westernmost zone: where a day is over here, it is over everywhere."""
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")

_ZONES = {
    **dict.fromkeys(("51", "52", "53", "63", "64", "65"), WITA),
    **dict.fromkeys(("71", "72", "73", "74", "75", "76"), WITA),
    **dict.fromkeys(("81", "82", "91", "92", "93", "94", "95", "96"), WIT),
}


def zone_of(region_code: str) -> ZoneInfo:
    """The time zone of a region, by its province (Keppres 41/1987); WIB for all others."""
    return _ZONES.get(region_code[:2], WIB)


def day_in(region_code: str, moment: datetime) -> date:
    """The date in a region at a moment (aware)."""
    return moment.astimezone(zone_of(region_code)).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The process's clock, and the day that it means in a region."""

    clock: Callable[[], datetime]

    def now(self) -> datetime:
        """This moment (aware, UTC)."""
        return self.clock()

    def today(self, region_code: str) -> date:
        """The date in a region now."""
        return day_in(region_code, self.clock())

    def past_everywhere(self) -> date:
        """Today's date where the day begins last: whatever lies before it is over everywhere."""
        return self.clock().astimezone(WIB).date()
