"""What the courier tells a content: that its deliveries are planned, and whom they reached."""

from datetime import datetime

from kentongan.contracts.broadcast import ContentDelivered
from kentongan.domain import Decision
from services.broadcast.domain.contents import (
    PUBLIC,
    Content,
    EditionPlanning,
    PlanningStatus,
    Reach,
    ensure_in,
    told,
)
from services.broadcast.domain.errors import EditionPassed

COURIER = "courier"
"""The actor of the commands that the courier issues by itself."""


def complete_planning(
    content: Content, edition: int, groups: int, now: datetime
) -> Decision[Content]:
    """All deliveries of an edition are planned, or a retraction ended it early.

    Raises EditionPassed, ImpossibleTransition.
    """
    planning = _planning(content, edition, PlanningStatus.PLANNING, "content.plan")
    complete = planning.model_copy(
        update={"status": PlanningStatus.COMPLETE, "groups": groups, "completed_at": now}
    )
    return Decision(content.model_copy(update={"planning": complete}), rule="content.plan")


def record_reach(content: Content, reach: Reach) -> Decision[Content]:
    """None of the edition's deliveries is left to be sent: the figures are final.

    Raises EditionPassed (so that the figures are published once), ImpossibleTransition.
    """
    planning = _planning(content, reach.edition, PlanningStatus.COMPLETE, "content.deliver")
    finished = planning.model_copy(update={"status": PlanningStatus.DELIVERED})
    state = content.model_copy(update={"planning": finished, "reach": reach})
    return Decision(state, rule="content.deliver", event=told(ContentDelivered, state))


def _planning(
    content: Content, edition: int, status: PlanningStatus, command: str
) -> EditionPlanning:
    ensure_in(content, command, *PUBLIC)
    planning = content.planning
    if planning is None or planning.edition != edition or planning.status is not status:
        raise EditionPassed(edition=edition)
    return planning
