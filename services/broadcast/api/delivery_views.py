"""How deliveries are shown, and what their lists filter by."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.http import PageQuery
from services.broadcast.domain.channels import INBOX
from services.broadcast.domain.deliveries import DeliveryStatus

Document = dict[str, Any]


class NewestQuery(PageQuery):
    """A list of deliveries, the newest first."""

    def older(self) -> Document:
        """The query for what follows the cursor."""
        after = self.after(datetime, str)
        if after is None:
            return {}
        planned_at, delivery_id = after
        same_moment = {"planned_at": planned_at, "_id": {"$lt": delivery_id}}
        return {"$or": [{"planned_at": {"$lt": planned_at}}, same_moment]}


NEWEST = (("planned_at", -1), ("_id", -1))


class ChannelDeliveriesQuery(NewestQuery):
    """Filters of a channel's deliveries."""

    status: DeliveryStatus | SkipJsonSchema[None] = None

    def wanted(self) -> Document:
        """The query's own part."""
        status = {"status": self.status.value} if self.status is not None else {}
        return {**self.older(), **status}


class ContentDeliveriesQuery(PageQuery):
    """Filters of an edition's deliveries, which are listed by status and id."""

    status: DeliveryStatus | SkipJsonSchema[None] = None
    edition: int | SkipJsonSchema[None] = Field(default=None, ge=1, le=1_000)

    def wanted(self) -> Document:
        """The query's own part."""
        wanted: Document = {"status": self.status.value} if self.status is not None else {}
        after = self.after(str, str)
        if after is None:
            return wanted
        status, delivery_id = after
        same_status = {"status": status, "_id": {"$gt": delivery_id}}
        return {"$and": [wanted, {"$or": [{"status": {"$gt": status}}, same_status]}]}


class AttemptShown(BaseModel):
    """The last attempt: the answer's status, or why there was none."""

    at: datetime
    status: int | None
    error: str | None = Field(
        description="timeout, unreachable, certificate, target-refused, channel-off"
    )


class DeliveryShown(BaseModel):
    """A delivery. Its `id` is the `webhook-id`."""

    id: str
    subject: str = Field(description="content or notice")
    content_id: str | None
    edition: int | None
    notice_id: str | None
    kim_id: str | None
    channel_id: str = Field(description="a channel, or inbox")
    status: str
    cancelled: str | None = Field(description="retracted or superseded")
    attempts: int
    replays: int
    planned_at: datetime
    due_at: datetime | None = Field(description="when it is tried next, while it is pending")
    delivered_at: datetime | None
    late: bool | None
    last: AttemptShown | None


class ReplayReceipt(BaseModel):
    """What a replay is answered with: the delivery is pending again."""

    id: str
    status: str


class ReachShown(BaseModel):
    """What became of the newest edition's deliveries, as of now."""

    content_id: str
    edition: int
    planning: str | None = Field(description="planning, complete or delivered; none: unpublished")
    groups: int
    delivered: int
    failed: int
    cancelled: int
    pending: int
    late: int


def show_delivery(found: Document) -> DeliveryShown:
    """A delivery as its owner and the office see it."""
    pending = found["status"] == DeliveryStatus.PENDING.value
    return DeliveryShown(
        id=found["_id"],
        subject=found["subject"],
        content_id=found.get("content_id"),
        edition=found.get("edition"),
        notice_id=found.get("notice_id"),
        kim_id=found["kim_id"],
        channel_id=found.get("channel_id", INBOX),
        status=found["status"],
        cancelled=found.get("cancelled"),
        attempts=found.get("attempts", 0),
        replays=found.get("replays") or 0,
        planned_at=found["planned_at"],
        due_at=found["due_at"] if pending else None,
        delivered_at=found.get("delivered_at"),
        late=found.get("late"),
        last=AttemptShown(**found["last"]) if found.get("last") else None,
    )
