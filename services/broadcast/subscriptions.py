"""Every event that broadcast consumes, and the reactions that they wake."""

from collections.abc import Awaitable, Callable

from kentongan.contracts.placement import (
    AssignmentFlagged,
    AssignmentState,
    AssignmentWithdrawn,
    StudentAssigned,
)
from kentongan.kims.directory import KIM_SUBSCRIPTION
from kentongan.messaging.subscriptions import DirectorySubscription, Reaction, Subscriptions
from services.broadcast.read_models import (
    ASSIGNMENT_INDEXES,
    ASSIGNMENTS,
    assignment_entry,
)

ASSIGNMENT_SUBSCRIPTION: DirectorySubscription[AssignmentState] = DirectorySubscription(
    directory_name=ASSIGNMENTS,
    events=(StudentAssigned, AssignmentFlagged, AssignmentWithdrawn),
    entry=assignment_entry,
    indexes=ASSIGNMENT_INDEXES,
    revision=2,
)


Step = Callable[[], Awaitable[int]]


def subscriptions(*, notify_groups: Step) -> Subscriptions:
    """What broadcast consumes, and the step that gives groups notice of their students."""
    return Subscriptions(
        read_models=(KIM_SUBSCRIPTION, ASSIGNMENT_SUBSCRIPTION),
        reactions=(Reaction("notify-groups", (ASSIGNMENTS,), notify_groups),),
    )
