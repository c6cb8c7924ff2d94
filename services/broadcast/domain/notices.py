"""A notice: what a group is told about a student who was assigned to it. No person is named."""

from datetime import datetime, timedelta
from typing import Any

from services.broadcast.domain.assignments import Assignment
from services.broadcast.domain.channels import INBOX
from services.broadcast.domain.deliveries import notice_delivery_id

STUDENT_ASSIGNED = "student-assigned"


def notice_id(enrolment_id: str, version: int) -> str:
    """One notice for each time that the student came to a group."""
    return f"{enrolment_id}:{version}"


def notice(assigned: Assignment, version: int, now: datetime) -> dict[str, Any]:
    """The notice of an assignment, as it is kept and shown in the group's inbox.

    `planned` says that all its deliveries are there; a notice without that is begun, and no more.
    """
    return {
        "_id": notice_id(assigned.enrolment_id, version),
        "type": STUDENT_ASSIGNED,
        "kim_id": assigned.kim_id,
        "enrolment_id": assigned.enrolment_id,
        "cohort_id": assigned.cohort_id,
        "university_id": assigned.university_id,
        "university_name": assigned.university_name,
        "period_start": assigned.period_start.isoformat(),
        "period_end": assigned.period_end.isoformat(),
        "at": now,
        "planned": False,
    }


def notice_deliveries(
    told: dict[str, Any], channel_ids: list[str], promise: timedelta
) -> list[dict[str, Any]]:
    """The deliveries of a notice: to the inbox at once, to the group's webhooks by the courier."""
    shared = {
        "subject": "notice",
        "notice_id": told["_id"],
        "kim_id": told["kim_id"],
        "planned_at": told["at"],
    }
    inbox = {
        **shared,
        "_id": notice_delivery_id(told["_id"], INBOX),
        "inbox": True,
        "status": "delivered",
        "delivered_at": told["at"],
        "late": False,
    }
    return [
        inbox,
        *(
            {
                **shared,
                "_id": notice_delivery_id(told["_id"], channel_id),
                "channel_id": channel_id,
                "status": "pending",
                "attempts": 0,
                "due_at": told["at"],
                "promised_at": told["at"] + promise,
            }
            for channel_id in channel_ids
        ),
    ]
