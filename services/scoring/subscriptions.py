"""Every event that scoring consumes, and the reactions that they wake."""

from collections.abc import Awaitable, Callable

from kentongan.contracts.broadcast import (
    ContentCorrected,
    ContentDelivered,
    ContentPublished,
    ContentRetracted,
    ContentState,
)
from kentongan.contracts.placement import ActivityVerified
from kentongan.kims.directory import KIM_SUBSCRIPTION
from kentongan.messaging.subscriptions import (
    DirectorySubscription,
    LedgerSubscription,
    Reaction,
    Subscriptions,
)
from services.scoring.read_models import (
    ACTIVITIES,
    ACTIVITY_INDEXES,
    CONTENT_INDEXES,
    CONTENTS,
    activity_entry,
    content_entry,
)

CONTENT_SUBSCRIPTION: DirectorySubscription[ContentState] = DirectorySubscription(
    directory_name=CONTENTS,
    events=(ContentPublished, ContentCorrected, ContentRetracted, ContentDelivered),
    entry=content_entry,
    indexes=CONTENT_INDEXES,
)
ACTIVITY_SUBSCRIPTION: LedgerSubscription[ActivityVerified] = LedgerSubscription(
    ledger_name=ACTIVITIES,
    events=(ActivityVerified,),
    entry=activity_entry,
    indexes=ACTIVITY_INDEXES,
)

COUNTED = Subscriptions(read_models=(CONTENT_SUBSCRIPTION, ACTIVITY_SUBSCRIPTION))
"""What an activity criterion is counted from."""

Step = Callable[[], Awaitable[int]]


def subscriptions(
    *, resume_closings: Step, keep_voting_days: Step, finish_campaigns: Step
) -> Subscriptions:
    """What scoring consumes. The reactions follow crashes and the calendar, not events."""
    return Subscriptions(
        read_models=(KIM_SUBSCRIPTION, CONTENT_SUBSCRIPTION, ACTIVITY_SUBSCRIPTION),
        reactions=(
            Reaction("resume-closings", (), resume_closings),
            Reaction("keep-voting-days", (), keep_voting_days),
            Reaction("finish-campaigns", (), finish_campaigns),
        ),
    )
