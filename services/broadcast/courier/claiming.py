"""Due deliveries are claimed before they are sent, so that couriers don't send each other's."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from kentongan.observability import metrics
from kentongan.storage.facts import FactStore
from services.broadcast.domain.deliveries import DeliveryStatus

Document = dict[str, Any]
SERVICE = "broadcast"
TRIES = 4


class Claims:
    """Takes due deliveries into this courier's hands for a time. What is claimed and never ended
    (the courier was killed) is due again when the time is over.
    """

    def __init__(
        self, deliveries: FactStore, clock: Callable[[], datetime], *, seconds: float
    ) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._lasting = timedelta(seconds=seconds)

    async def take(self, most: int) -> list[Document]:
        """At most so many, the longest due first. Each is somebody's alone: the claim moves
        `due_at` on, under a guard, so that a second one finds it no longer due.
        """
        for _ in range(TRIES):
            now = self._clock()
            due = {"status": DeliveryStatus.PENDING.value, "due_at": {"$lte": now}}
            found = await self._deliveries.find(due, sort=(("due_at", 1),), limit=most)
            waited = (now - found[0]["due_at"]).total_seconds() if found else 0.0
            metrics.SENDING_DELAY.labels(SERVICE).set(waited)
            if not found:
                return []
            if taken := await self._claim(found, due, now + self._lasting):
                return taken
        return []

    async def give_back(self, claimed: Sequence[Document]) -> None:
        """What was claimed and not begun is due at once, for whoever comes."""
        ours = {"claim": {"$in": list({each["claim"] for each in claimed})}}
        named = {"_id": {"$in": [each["_id"] for each in claimed]}}
        pending = {"status": DeliveryStatus.PENDING.value}
        given = {"$set": {"claim": None, "due_at": self._clock()}}
        await self._deliveries.update(named | ours | pending, given)

    async def _claim(self, found: list[Document], due: Document, until: datetime) -> list[Document]:
        claim = uuid4().hex
        named = {"_id": {"$in": [each["_id"] for each in found]}}
        taking = {"$set": {"claim": claim, "due_at": until}}
        taken = await self._deliveries.update(named | due, taking)
        if taken != len(found):
            found = await self._deliveries.find(named | {"claim": claim}, limit=0) if taken else []
        return [each | {"claim": claim, "due_at": until} for each in found]
