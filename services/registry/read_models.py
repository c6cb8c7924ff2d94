"""What the registry keeps from others' events: the prizes that groups have won."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kentongan.contracts.scoring import CompetitionState
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Index
from kentongan.storage.projections.directory import Directory, DirectoryEntry

COMPETITIONS = "competitions"
COMPETITION_INDEXES = (Index(keys=(("entry.prizes.kim_id", 1),), name="winner"),)
MOST_AWARDS = 200
"""Competitions whose awards a page shows, the latest first."""


@dataclass(frozen=True, slots=True)
class Award:
    """A prize that a group has won. `rank` is none for a special prize."""

    competition_id: str
    competition: str
    prize: str
    rank: int | None
    published_at: datetime


def competition_entry(state: CompetitionState) -> dict[str, Any]:
    """What the registry keeps of a competition: its prizes, none before the results are out."""
    results = state.results
    return {
        "title": state.title,
        "published_at": results.published_at if results else None,
        "prizes": [
            {"name": prize.name, "kim_id": prize.kim_id, "rank": prize.rank}
            for prize in (results.prizes if results else ())
        ],
    }


class CompetitionDirectory:
    """Competitions with published results, newest version each. Behind scoring by a moment."""

    def __init__(self, database: Database) -> None:
        self._directory = Directory(database, COMPETITIONS, indexes=COMPETITION_INDEXES)

    async def awards_of(self, kim_id: str) -> list[Award]:
        """A group's prizes, the latest competition first, in the order of its results."""
        entries = await self._directory.find(
            {"entry.prizes.kim_id": kim_id},
            sort=(("entry.published_at", -1), ("_id", 1)),
            limit=MOST_AWARDS,
        )
        return [award for entry in entries for award in _awards(entry, kim_id)]


def _awards(entry: DirectoryEntry, kim_id: str) -> list[Award]:
    return [
        Award(
            competition_id=entry.key,
            competition=entry.entry["title"],
            prize=prize["name"],
            rank=prize["rank"],
            published_at=entry.entry["published_at"],
        )
        for prize in entry.entry["prizes"]
        if prize["kim_id"] == kim_id
    ]
