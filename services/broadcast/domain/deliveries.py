"""A delivery: one edition (or notice) on its way through one channel to one group or integrator.

Deliveries come by the hundred thousand, so they are plain documents, not aggregates. The natural
id is what makes each of them exist once; it is also the `webhook-id`, the same at every attempt.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.broadcast.domain.channels import INBOX, OffReason
from services.broadcast.domain.errors import DeliveryNotReplayable
from services.broadcast.domain.retries import RetryPolicy

NOBODY = "-"
"""Stands for the group in the deliveries of an integrator."""

CROWDED = timedelta(seconds=5)
"""The least wait for a slow host that has as much on the wire as it may have."""

Document = dict[str, Any]


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Subject(StrEnum):
    """What is delivered."""

    CONTENT = "content"
    NOTICE = "notice"


class Cancelled(StrEnum):
    """Why a delivery was called off."""

    RETRACTED = "retracted"
    SUPERSEDED = "superseded"


class Fault(StrEnum):
    """Why an attempt didn't arrive, beside an answer's status."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TARGET_REFUSED = "target-refused"
    CHANNEL_OFF = "channel-off"


UNCLAIMED: Document = {"status": DeliveryStatus.PENDING.value, "claim": None}
"""Pending, and in nobody's hands: what may be called off by the thousand. A delivery in somebody's
hands may be on the wire; whoever has it looks, sends and says what became of it."""


@dataclass(frozen=True, slots=True)
class PromisedEdition:
    """What all deliveries of one edition have in common."""

    content_id: str
    number: int
    promised_at: datetime
    """Whatever arrives after this moment is late."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """How one attempt went: an answer's status, or a fault. `retry_after` in seconds."""

    status: int | None = None
    fault: Fault | None = None
    retry_after: float | None = None

    @property
    def arrived(self) -> bool:
        """Any 2xx; a redirect is not followed, and no arrival."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver wants nothing any more (Standard Webhooks: 410 ends it)."""
        return self.status == 410


def content_delivery_id(content_id: str, edition: int, kim_id: str | None, channel: str) -> str:
    """The natural id; `channel` is a channel's id or `inbox`."""
    return f"{content_id}:{edition}:{kim_id or NOBODY}:{channel}"


def notice_delivery_id(notice_id: str, channel: str) -> str:
    """The natural id of a notice's delivery."""
    return f"notice:{notice_id}:{channel}"


def inbox_delivery(edition: PromisedEdition, kim_id: str, now: datetime) -> Document:
    """The group's inbox has it as soon as it is planned."""
    return {
        "_id": content_delivery_id(edition.content_id, edition.number, kim_id, INBOX),
        "subject": "content",
        "content_id": edition.content_id,
        "edition": edition.number,
        "kim_id": kim_id,
        "inbox": True,
        "status": "delivered",
        "planned_at": now,
        "delivered_at": now,
        "late": now > edition.promised_at,
    }


def webhook_delivery(
    edition: PromisedEdition, kim_id: str | None, channel_id: str, now: datetime
) -> Document:
    """To be sent, from now on. `kim_id` is None for an integrator's channel."""
    return {
        "_id": content_delivery_id(edition.content_id, edition.number, kim_id, channel_id),
        "subject": "content",
        "content_id": edition.content_id,
        "edition": edition.number,
        "kim_id": kim_id,
        "channel_id": channel_id,
        "status": "pending",
        "attempts": 0,
        "planned_at": now,
        "due_at": now,
        "promised_at": edition.promised_at,
    }


def arrived(delivery: Document, attempted: Attempted, now: datetime) -> Document:
    """The fields of a delivery that arrived."""
    return {
        "status": DeliveryStatus.DELIVERED.value,
        "attempts": delivery["attempts"] + 1,
        "delivered_at": now,
        "finished_at": now,
        "late": now > delivery["promised_at"],
        "last": {"at": now, "status": attempted.status, "error": None},
        "claim": None,
    }


def missed(
    delivery: Document, attempted: Attempted, now: datetime, policy: RetryPolicy, spread: float
) -> Document:
    """The fields of a delivery that didn't arrive: to be tried again, or given up."""
    attempts = delivery["attempts"] + 1
    error = attempted.fault.value if attempted.fault else "answered"
    changed: Document = {
        "attempts": attempts,
        "last": {"at": now, "status": attempted.status, "error": error},
        "claim": None,
    }
    if attempted.gone or attempts >= policy.attempts:
        return changed | {"status": DeliveryStatus.FAILED.value, "finished_at": now}
    wait = policy.delay(attempts, spread, attempted.retry_after)
    return changed | {"due_at": now + wait}


def given_up(changed: Document) -> bool:
    """Whether what `missed` says ends the delivery."""
    return changed.get("status") == DeliveryStatus.FAILED.value


def postponed(now: datetime, spread: float) -> Document:
    """The fields of a delivery whose host is slow and busy: later, and no attempt is counted."""
    return {"due_at": now + CROWDED * (1 + spread), "claim": None}


def cancelled(why: Cancelled, now: datetime) -> Document:
    """The fields of a delivery that was called off before it was sent."""
    return {
        "status": DeliveryStatus.CANCELLED.value,
        "cancelled": why.value,
        "finished_at": now,
        "claim": None,
    }


def channel_off(now: datetime) -> Document:
    """The fields of a delivery whose channel takes nothing any more; no attempt was made."""
    return {
        "status": DeliveryStatus.FAILED.value,
        "finished_at": now,
        "last": {"at": now, "status": None, "error": Fault.CHANNEL_OFF.value},
        "claim": None,
    }


def off_reason(
    attempted: Attempted, newest_finished: list[DeliveryStatus], in_a_row: int
) -> OffReason | None:
    """Why a channel is switched off, if it is: 410 at once, or nothing but failures lately.

    `newest_finished` are the last deliveries of the channel that came to an end since it was
    activated, at most `in_a_row` of them.
    """
    if attempted.gone:
        return OffReason.GONE
    if len(newest_finished) >= in_a_row and set(newest_finished) == {DeliveryStatus.FAILED}:
        return OffReason.GIVEN_UP
    return None


def replayed(delivery: Document, now: datetime, promise: timedelta) -> Document:
    """The fields of a delivery that its owner wants again: from the first attempt, same id.

    Raises DeliveryNotReplayable while it is on its way, and where it was called off.
    """
    status = delivery["status"]
    if status not in {DeliveryStatus.DELIVERED.value, DeliveryStatus.FAILED.value}:
        raise DeliveryNotReplayable(status=status)
    return {
        "status": DeliveryStatus.PENDING.value,
        "attempts": 0,
        "due_at": now,
        "promised_at": now + promise,
        "delivered_at": None,
        "finished_at": None,
        "late": None,
        "replays": delivery.get("replays", 0) + 1,
    }
