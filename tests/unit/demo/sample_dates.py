"""The day of the season that the page's tests make up."""

from datetime import UTC, date, datetime

TODAY = date(2026, 9, 22)
BEGAN = datetime(2026, 9, 22, 3, tzinfo=UTC)
