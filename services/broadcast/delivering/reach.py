"""The figures of an edition's deliveries, counted from the deliveries by their index."""

from dataclasses import dataclass

from kentongan.storage.facts import FactStore
from services.broadcast.domain.deliveries import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Figures:
    """Deliveries of one edition by what became of them; `late` are among the delivered."""

    delivered: int = 0
    failed: int = 0
    cancelled: int = 0
    pending: int = 0
    late: int = 0


async def figures_of(deliveries: FactStore, content_id: str, edition: int) -> Figures:
    """Count an edition's deliveries: the index answers alone, no document is read. Edition 0 is
    none yet: nobody is asked, since no index holds what there can't be.
    """
    if not edition:
        return Figures()
    counted = await deliveries.aggregate(
        [
            {"$match": {"content_id": content_id, "edition": edition}},
            {"$project": {"_id": 0, "status": 1, "late": 1}},
            {"$group": {"_id": {"status": "$status", "late": "$late"}, "count": {"$sum": 1}}},
        ]
    )
    by_status = dict.fromkeys((status.value for status in DeliveryStatus), 0)
    late = 0
    for each in counted:
        by_status[each["_id"]["status"]] += each["count"]
        if each["_id"]["status"] == DeliveryStatus.DELIVERED.value and each["_id"].get("late"):
            late += each["count"]
    return Figures(**by_status, late=late)
