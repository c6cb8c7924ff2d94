"""Sends what is due: claimed, looked at once more, signed, posted, and written down.

A courier that is killed between the answer and its record sends again, under the same webhook-id.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from kentongan.messaging.patience import Patience, nap
from kentongan.observability import metrics
from kentongan.observability.tracing.requests import sending_webhook
from kentongan.storage.errors import StorageError
from kentongan.storage.facts import FactStore
from services.broadcast.channels.switching import Switching
from services.broadcast.courier.batching import Batching
from services.broadcast.courier.bodies import Bodies
from services.broadcast.courier.claiming import SERVICE, Claims
from services.broadcast.courier.looking import Destination, Looking
from services.broadcast.courier.posting import Poster
from services.broadcast.courier.webhooks import signed
from services.broadcast.domain.deliveries import (
    Attempted,
    Cancelled,
    DeliveryStatus,
    arrived,
    cancelled,
    channel_off,
    given_up,
    missed,
    postponed,
)
from services.broadcast.domain.retries import RetryPolicy
from services.broadcast.domain.secrets import SigningSecrets

Document = dict[str, Any]
Write = tuple[Document, Document]
RETRIED = "retried"
"""An outcome that leaves a delivery pending."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is sent at once, how often the courier looks for more, how long it waits at the end
    for what is on the wire (seconds).
    """

    at_once: int
    poll_seconds: float
    ending_seconds: float = 5.0


class Sending:
    """Sends deliveries, so many at once; more are claimed when half of them are through."""

    def __init__(
        self,
        *,
        deliveries: FactStore,
        claims: Claims,
        looking: Looking,
        bodies: Bodies,
        poster: Callable[[], Poster],
        switching: Switching,
        secrets: SigningSecrets,
        policy: RetryPolicy,
        pace: Pace,
        clock: Callable[[], datetime],
    ) -> None:
        self.on_idle: Callable[[], None] = lambda: None
        """Called when the last of those in hand is through."""
        self._claims = claims
        self._looking = looking
        self._bodies = bodies
        self._make_poster = poster
        self._poster: Poster | None = None
        self._switching = switching
        self._secrets = secrets
        self._policy = policy
        self._pace = pace
        self._clock = clock
        self._deliveries = deliveries
        self._records: Batching[Write, None] = Batching(self._write_all)
        self._in_hand: dict[asyncio.Task[None], Document] = {}
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Something may be due."""
        self._changed.set()

    async def run(self) -> None:
        """Send for ever; ended by cancelling it, then `stop`."""
        patience = Patience(0.5, 30.0)
        while True:
            try:
                await self._claim_and_begin()
                patience.succeeded()
                await nap(self._changed, self._pace.poll_seconds)
            except StorageError as error:
                _log.warning("courier.waits", rule=error.rule)
                await asyncio.sleep(patience.failed())
            except Exception:  # noqa: BLE001 - a defect must not end the sending for good
                _log.exception("courier.sending_failed")
                await asyncio.sleep(patience.failed())

    async def until_nothing_is_due(self) -> int:
        """Send all that is due now and wait for it; how many attempts began."""
        begun = 0
        while True:
            claimed = await self._claim_and_begin()
            begun += claimed
            if not claimed and not self._in_hand:
                return begun
            await self._changed.wait()

    async def stop(self) -> None:
        """Wait a moment for what is on the wire, give back the rest, close the connections."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=self._pace.ending_seconds)
        left = list(self._in_hand.values())
        for task in tuple(self._in_hand):
            task.cancel()
        await asyncio.gather(*self._in_hand, return_exceptions=True)
        if left:
            await self._claims.give_back(left)
        if self._poster is not None:
            await self._poster.close()
            self._poster = None

    async def _claim_and_begin(self) -> int:
        self._changed.clear()
        room = self._pace.at_once - len(self._in_hand)
        if room * 2 < self._pace.at_once:
            return 0
        claimed = await self._claims.take(room)
        for delivery in claimed:
            task = asyncio.create_task(self._deliver(delivery), name="delivery")
            self._in_hand[task] = delivery
            task.add_done_callback(self._through)
        return len(claimed)

    def _through(self, task: "asyncio.Task[None]") -> None:
        del self._in_hand[task]
        if len(self._in_hand) * 2 <= self._pace.at_once:
            self._changed.set()
        if not self._in_hand:
            self.on_idle()

    async def _deliver(self, delivery: Document) -> None:
        try:
            await self._look_and_send(delivery)
        except StorageError as error:
            # Due again when the claim is over.
            _log.warning("delivery.interrupted", delivery_id=delivery["_id"], rule=error.rule)
        except Exception:  # noqa: BLE001 - one delivery must not end the others
            _log.exception("delivery.crashed", delivery_id=delivery["_id"])

    async def _look_and_send(self, delivery: Document) -> None:
        body = await self._bodies.of(delivery)
        seen = await self._looking.look(delivery)
        now = self._clock()
        if seen.called_off is not None or body is None:
            why = seen.called_off or Cancelled.SUPERSEDED
            await self._record(delivery, cancelled(why, now))
        elif seen.destination is None:
            await self._record(delivery, channel_off(now))
        elif self._poster_made().is_crowded(seen.destination.url):
            await self._record(delivery, postponed(now, random.random()))
        elif now < delivery["due_at"]:
            attempted = await self._post(delivery, seen.destination, body, now)
            await self._note(delivery, attempted)

    async def _post(
        self, delivery: Document, to: Destination, body: str, now: datetime
    ) -> Attempted:
        secrets = self._secrets.signing(to.channel_id, to.generation, to.rotations, now)
        headers = signed(delivery["_id"], body, secrets, now)
        with sending_webhook() as span:
            attempted = await self._poster_made().post(to.url, headers, body.encode())
            span.answered(attempted.status, attempted.fault)
            return attempted

    def _poster_made(self) -> Poster:
        if self._poster is None:
            self._poster = self._make_poster()
        return self._poster

    async def _note(self, delivery: Document, attempted: Attempted) -> None:
        now = self._clock()
        if attempted.arrived:
            await self._record(delivery, arrived(delivery, attempted, now))
            return
        changed = missed(delivery, attempted, now, self._policy, random.random())
        await self._record(delivery, changed)
        if given_up(changed):
            await self._switching.after_giving_up(delivery["channel_id"], attempted)

    async def _record(self, delivery: Document, changed: Document) -> None:
        """Only while the claim is ours: whoever took over has the last word."""
        ours = {
            "_id": delivery["_id"],
            "claim": delivery["claim"],
            "status": DeliveryStatus.PENDING.value,
        }
        await self._records.ask((ours, {"$set": changed}))
        metrics.SENDINGS.labels(SERVICE, changed.get("status", RETRIED)).inc()
        if changed.get("status") == DeliveryStatus.DELIVERED.value:
            punctuality = metrics.LATE if changed["late"] else metrics.ON_TIME
            metrics.ARRIVALS.labels(SERVICE, punctuality).inc()

    async def _write_all(self, writes: Sequence[Write]) -> list[None]:
        await self._deliveries.update_each(writes)
        return [None] * len(writes)
