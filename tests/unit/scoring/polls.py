"""Campaigns and tallies as tests want them, one detail changed at a time."""

from datetime import UTC, datetime
from typing import Any

from services.scoring.domain.campaigns import Campaign, Option
from services.scoring.domain.tallies import Tally

STARTS = datetime(2026, 9, 30, 17, 0, tzinfo=UTC)
"""1 October, 00:00 in Tangerang."""
ENDS = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
"""The midnight that ends 31 October there."""
OPTIONS = ("gerendeng", "sukasari", "cikokol")


def campaign(**changed: Any) -> Campaign:
    facts: dict[str, Any] = {
        "campaign_id": "c1",
        "title": "KIM Terfavorit",
        "region_code": "36.71",
        "starts_at": STARTS,
        "ends_at": ENDS,
        "options": tuple(Option(option_id=each, label=each.title()) for each in OPTIONS),
        "interaction_weight": 2,
    }
    return Campaign(**facts | changed)


def tally(**changed: Any) -> Tally:
    return Tally(**{"campaign_id": "c1"} | changed)
