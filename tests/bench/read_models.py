"""The read models that the consuming cases fill: placement's own directory, and a ledger."""

from typing import Any

from kentongan.contracts.placement import ACTIVITIES, ActivityVerified
from kentongan.contracts.registry import KIMS as KIMS_TOPIC
from kentongan.kims.directory import KIM_INDEXES, KIM_SUBSCRIPTION
from kentongan.messaging.subscriptions import DirectorySubscription, LedgerSubscription
from kentongan.storage.indexes import Index

__all__ = ["ACTIVITY_INDEXES", "DIRECTORY", "FACTS", "KIMS", "KIM_INDEXES", "LEDGER"]

KIMS = KIMS_TOPIC.name
FACTS = ACTIVITIES.name
DIRECTORY: DirectorySubscription[Any] = KIM_SUBSCRIPTION
ACTIVITY_INDEXES = (Index(keys=(("entry.kim_id", 1), ("entry.date", 1)), name="kim_date"),)


def activity_entry(fact: ActivityVerified) -> dict[str, Any]:
    """What a reader that counts hours keeps of an activity."""
    return {
        "enrolment_id": fact.enrolment_id,
        "kim_id": fact.kim_id,
        "region_code": fact.region_code,
        "date": fact.date.isoformat(),
        "minutes": fact.minutes,
        "category": fact.category,
    }


LEDGER: LedgerSubscription[Any] = LedgerSubscription(
    ledger_name="activities",
    events=(ActivityVerified,),
    entry=activity_entry,
    indexes=ACTIVITY_INDEXES,
)
