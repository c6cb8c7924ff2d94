"""The machine's clock. Nothing else reads it: whoever needs a moment is given this, or a test's."""

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The clock of production, in whole milliseconds, which is what BSON keeps.

    Which day it is there is a region's own matter: `calendar.day_in`.
    """
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def epoch_nanoseconds() -> int:
    """The same clock as traces tell it: nanoseconds since 1970."""
    return time.time_ns()
