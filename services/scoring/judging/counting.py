"""What groups did, counted for the activity criteria of a stage."""

from collections.abc import Sequence

from services.scoring.domain.activity import Doings, Period
from services.scoring.read_models import ActivityLedger, ContentDirectory


class ActivityCounting:
    """Counts contents and verified activities of many groups at once."""

    def __init__(self, contents: ContentDirectory, activities: ActivityLedger) -> None:
        self._contents = contents
        self._activities = activities

    async def of(self, kim_ids: Sequence[str], period: Period) -> dict[str, Doings]:
        """The doings of each group in a period."""
        contents = await self._contents.published_by(kim_ids, period.since, period.before)
        activities = await self._activities.verified_by(
            kim_ids, period.first, period.last, period.closed_at
        )
        return {
            kim_id: Doings(contents.get(kim_id, 0), activities.get(kim_id, 0)) for kim_id in kim_ids
        }
