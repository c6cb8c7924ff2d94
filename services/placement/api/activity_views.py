"""How a logbook activity is shown, and what its lists filter by."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import SkipJsonSchema

from kentongan.http import PageQuery
from kentongan.storage.aggregates.store import Stored
from services.placement.domain.activities import Activity, ActivityStatus


class ActivityQuery(PageQuery):
    """Filters of a list of activities."""

    status: ActivityStatus | SkipJsonSchema[None] = None

    def wanted(self) -> dict[str, Any]:
        """The query's own part; an activity's id begins with the enrolment and goes by time."""
        wanted: dict[str, Any] = {**self.after_id()}
        if self.status is not None:
            wanted["state.status"] = self.status.value
        return wanted


class CommentShown(BaseModel):
    """A supervisor's comment."""

    text: str
    at: datetime


class ActivityShown(BaseModel):
    """An activity, for the parties of the placement."""

    id: str
    version: int
    enrolment_id: str
    cohort_id: str
    kim_id: str
    date: date
    started_at: datetime
    minutes: int
    category: str
    text: str
    link: str | None
    status: str
    rejection: str | None
    comments: list[CommentShown]


class ActivityReceipt(BaseModel):
    """What commands on activities are answered with."""

    id: str
    version: int
    status: str


def show_activity(stored: Stored[Activity]) -> ActivityShown:
    """An activity as its parties see it."""
    state = stored.state
    return ActivityShown(
        id=stored.id,
        version=stored.version,
        enrolment_id=state.enrolment_id,
        cohort_id=state.cohort_id,
        kim_id=state.kim_id,
        date=state.day,
        **state.entry.model_dump(),
        status=state.status.value,
        rejection=state.rejection,
        comments=[CommentShown(**comment.model_dump()) for comment in state.comments],
    )


def activity_receipt(stored: Stored[Activity]) -> dict[str, Any]:
    """An activity's id, version and status."""
    return {"id": stored.id, "version": stored.version, "status": stored.state.status.value}
