"""What groups did, counted for the activity criteria of a stage."""

from collections.abc import Sequence

from kentongan.messaging.read_models.built import Built
from kentongan.storage.stopped_consumers import StoppedConsumers
from services.scoring.domain.activity import Doings, Period
from services.scoring.read_models import ActivityLedger, ContentDirectory


class DoingsUnknown(Exception):
    """What groups did can't be told now, for this reason: a count would lack what is missing."""


class ActivityCounting:
    """Counts contents and verified activities of many groups at once.

    `built` looks at the read models that are counted from, `stopped` at the consumer that keeps
    them. A consumer that lags isn't waited for.
    """

    def __init__(
        self,
        contents: ContentDirectory,
        activities: ActivityLedger,
        *,
        built: Built,
        stopped: StoppedConsumers,
    ) -> None:
        self._contents = contents
        self._activities = activities
        self._built = built
        self._stopped = stopped

    async def ensure_known(self) -> None:
        """Raises DoingsUnknown while a read model is built, or the consumer is stopped."""
        if missing := await self._built.missing():
            names = ", ".join(sorted(one.name for one in missing))
            raise DoingsUnknown(f"being built: {names}")
        if await self._stopped.stopped() is not None:
            raise DoingsUnknown("the consumer is stopped")

    async def of(self, kim_ids: Sequence[str], period: Period) -> dict[str, Doings]:
        """The doings of each group in a period.

        Looks after the count whether there was all to be counted, and raises DoingsUnknown where
        there wasn't; who counts chunk after chunk looks once before the first.
        """
        contents = await self._contents.published_by(kim_ids, period.since, period.before)
        activities = await self._activities.verified_by(
            kim_ids, period.first, period.last, period.closed_at
        )
        await self.ensure_known()
        return {
            kim_id: Doings(contents.get(kim_id, 0), activities.get(kim_id, 0)) for kim_id in kim_ids
        }
