"""Aggregates that could not be published rest, longer each time, and starve no other."""

import asyncio
import time
from dataclasses import dataclass

import structlog
from aiokafka.errors import KafkaTimeoutError

from kentongan.messaging.patience import Patience
from kentongan.messaging.relay.stuck import PartitionStuck
from kentongan.observability.tracing.contexts import trace_id_of
from kentongan.storage.outbox import PendingAggregate

_log = structlog.get_logger(__name__)
Identity = tuple[str, str]
_BLAMELESS = (KafkaTimeoutError, asyncio.CancelledError)
"""Of their partition or of their producer, never of the event."""


@dataclass(slots=True)
class _Resting:
    patience: Patience
    until: float = 0.0
    suspect: bool = False


class BackOffs:
    """Who rests until when, and who has to be retried alone."""

    def __init__(self, longest_seconds: float) -> None:
        self._longest = longest_seconds
        self._resting: dict[Identity, _Resting] = {}

    def resting(self, now: float) -> list[Identity]:
        """Those that are not to be sent yet."""
        return [identity for identity, rest in self._resting.items() if rest.until > now]

    def is_suspect(self, aggregate: PendingAggregate) -> bool:
        """Whether it failed by its own fault, as far as known: it may harm those beside it."""
        rest = self._resting.get(identity_of(aggregate))
        return rest is not None and rest.suspect

    def succeeded(self, aggregate: PendingAggregate) -> None:
        """Forget what was."""
        self._resting.pop(identity_of(aggregate), None)

    def postpone(self, aggregate: PendingAggregate, seconds: float) -> None:
        """It is another's turn: no failure, but its place in the next round goes to others."""
        self._resting[identity_of(aggregate)].until = time.monotonic() + seconds

    def failed(self, aggregate: PendingAggregate, failure: BaseException) -> None:
        """Let it rest."""
        rest = self._resting.setdefault(
            identity_of(aggregate), _Resting(Patience(1.0, self._longest))
        )
        rest.suspect = rest.suspect or not isinstance(failure, _BLAMELESS)
        seconds = rest.patience.failed()
        rest.until = time.monotonic() + seconds
        if not isinstance(failure, PartitionStuck):  # said once, of the partition
            _log.warning(
                "relay.aggregate_backs_off",
                collection=aggregate.collection,
                aggregate_id=aggregate.id,
                trace_id=trace_id_of(aggregate.events[0].traceparent) if aggregate.events else None,
                error=repr(failure),
                seconds=round(seconds, 1),
            )


def identity_of(aggregate: PendingAggregate) -> Identity:
    """The aggregate, among all of the service."""
    return aggregate.collection, aggregate.id
