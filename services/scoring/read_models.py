"""What scoring keeps from others' events: contents of groups and their verified activities.

Of the groups themselves it asks only what `kentongan.kims` answers.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from kentongan.contracts.broadcast import ContentState
from kentongan.contracts.placement import ActivityVerified
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Index
from kentongan.storage.projections.directory import Directory, DirectoryEntry
from kentongan.storage.projections.ledger import Ledger, LedgerEntry

CONTENTS = "contents"
CONTENT_INDEXES = (
    Index(keys=(("entry.kim_id", 1), ("entry.status", 1), ("entry.published_at", 1)), name="kim"),
)
ACTIVITIES = "activities"
ACTIVITY_INDEXES = (Index(keys=(("entry.kim_id", 1), ("entry.date", 1), ("time", 1)), name="kim"),)


def content_entry(state: ContentState) -> dict[str, Any]:
    """What scoring keeps of a content: whose it is, and whether it is still public."""
    return {
        "content_id": state.content_id,
        "kim_id": state.kim_id,
        "author": state.author,
        "kind": state.kind,
        "status": state.status,
        "published_at": state.published_at,
    }


def activity_entry(event: ActivityVerified) -> dict[str, Any]:
    """What scoring keeps of a verified activity; of the student only what its opaque id holds."""
    return {
        "activity_id": event.activity_id,
        "kim_id": event.kim_id,
        "region_code": event.region_code,
        "minutes": event.minutes,
        "date": event.date.isoformat(),
        "category": event.category,
    }


class ContentDirectory:
    """The contents that were ever published, newest state each."""

    def __init__(self, database: Database) -> None:
        self._directory = Directory(database, CONTENTS, indexes=CONTENT_INDEXES)

    async def published_by(
        self, kim_ids: Sequence[str], since: datetime, before: datetime
    ) -> dict[str, int]:
        """How many contents of each group were published then, and still are."""
        counted = await self._directory.aggregate(
            [
                {
                    "$match": {
                        "entry.kim_id": {"$in": list(kim_ids)},
                        "entry.status": "published",
                        "entry.published_at": {"$gte": since, "$lt": before},
                    }
                },
                {"$group": {"_id": "$entry.kim_id", "contents": {"$sum": 1}}},
            ]
        )
        return {each["_id"]: each["contents"] for each in counted}

    async def page(self, query: dict[str, Any], limit: int) -> list[DirectoryEntry]:
        """Contents by id, for a list."""
        return await self._directory.find(query, limit=limit)


class ActivityLedger:
    """The activities that groups verified, each once."""

    def __init__(self, database: Database) -> None:
        self._ledger = Ledger(database, ACTIVITIES, indexes=ACTIVITY_INDEXES)

    async def verified_by(
        self, kim_ids: Sequence[str], first: date, last: date, before: datetime
    ) -> dict[str, int]:
        """How many activities of each group took place on these days, verified before a moment."""
        counted = await self._ledger.aggregate(
            [
                {
                    "$match": {
                        "entry.kim_id": {"$in": list(kim_ids)},
                        "entry.date": {"$gte": first.isoformat(), "$lte": last.isoformat()},
                        "time": {"$lt": before},
                    }
                },
                {"$group": {"_id": "$entry.kim_id", "activities": {"$sum": 1}}},
            ]
        )
        return {each["_id"]: each["activities"] for each in counted}

    async def page(self, query: dict[str, Any], limit: int) -> list[LedgerEntry]:
        """Activities by event id, for a list."""
        return await self._ledger.find(query, limit=limit)
