"""Every event that placement consumes, and the reactions that they wake."""

from collections.abc import Awaitable, Callable

from kentongan.contracts.registry import (
    KimDissolved,
    KimRegistered,
    KimReinstated,
    KimState,
    KimSuspended,
    KimUpdated,
)
from kentongan.messaging.subscriptions import DirectorySubscription, Reaction, Subscriptions
from services.placement.read_models import KIM_INDEXES, KIMS, kim_entry

KIM_SUBSCRIPTION: DirectorySubscription[KimState] = DirectorySubscription(
    directory_name=KIMS,
    events=(KimRegistered, KimUpdated, KimSuspended, KimReinstated, KimDissolved),
    entry=kim_entry,
    indexes=KIM_INDEXES,
)

Step = Callable[[], Awaitable[int]]


def subscriptions(
    *, flag_assignments: Step, complete_assignments: Step, resume_plans: Step
) -> Subscriptions:
    """What placement consumes. The last two steps follow the calendar and crashes, not events."""
    return Subscriptions(
        read_models=(KIM_SUBSCRIPTION,),
        reactions=(
            Reaction("flag-assignments", (KIMS,), flag_assignments),
            Reaction("complete-assignments", (), complete_assignments),
            Reaction("resume-plans", (), resume_plans),
        ),
    )
