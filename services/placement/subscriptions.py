"""Every event that placement consumes, and the reactions that they wake."""

from collections.abc import Awaitable, Callable

from kentongan.kims.directory import KIM_SUBSCRIPTION, KIMS
from kentongan.messaging.subscriptions import Reaction, Subscriptions

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
