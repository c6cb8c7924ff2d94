"""When a delivery that didn't arrive is tried again: later each time, and not for ever."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how late a delivery is tried; times in seconds."""

    attempts: int
    """After so many attempts the delivery is given up."""
    first_delay: float
    factor: float
    longest_delay: float
    """Also the bound on what a receiver may ask for by Retry-After."""

    def delay(self, attempts: int, spread: float, retry_after: float | None = None) -> timedelta:
        """The wait after so many attempts. `spread`, from 0 to 1 and drawn by the caller, shortens
        it by up to half, so that those who failed together don't come back together.

        Never shorter than what the receiver asked for, within the bound.
        """
        grown = self.first_delay * self.factor ** min(attempts - 1, 64)
        seconds = min(grown, self.longest_delay) * (1 - spread / 2)
        if retry_after is not None:
            seconds = max(seconds, min(retry_after, self.longest_delay))
        return timedelta(seconds=seconds)


def retry_after(header: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for: a number or a date (RFC 9110, 10.2.3).

    None where there is none, or one that nobody can read.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
