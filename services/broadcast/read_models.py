"""What broadcast keeps from others' events: the groups (KIM), and who is placed with them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kentongan.contracts.placement import AssignmentState
from kentongan.domain.kims import KimStatus
from kentongan.domain.regions import region_pattern
from kentongan.kims import directory
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Index
from kentongan.storage.projections.directory import Directory, DirectoryEntry
from services.broadcast.domain.assignments import Assignment, AssignmentStatus
from services.broadcast.domain.audiences import Audience

ASSIGNMENTS = "assignments"
ASSIGNMENT_INDEXES = (
    Index(keys=(("entry.status", 1), ("_id", 1)), name="status"),
    Index(keys=(("entry.region_code", 1), ("_id", 1)), name="region"),
)


@dataclass(frozen=True, slots=True)
class KnownAssignment:
    """A student's assignment as the directory knows it, and the version it knows."""

    version: int
    changed_at: datetime
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class DistrictCount:
    """How many groups of a district an audience holds."""

    district_code: str
    district_name: str
    groups: int


def assignment_entry(state: AssignmentState) -> dict[str, Any]:
    """What broadcast keeps of an assignment: enough to give the group notice of it."""
    return {
        "enrolment_id": state.enrolment_id,
        "cohort_id": state.cohort_id,
        "university_id": state.university_id,
        "university_name": state.university_name,
        "kim_id": state.kim_id,
        "region_code": state.region_code,
        "status": state.status,
        "period_start": state.period_start,
        "period_end": state.period_end,
    }


class KimDirectory(directory.KimDirectory):
    """The groups, and those that an audience holds."""

    async def addressed_after(self, audience: Audience, after: str | None, limit: int) -> list[str]:
        """The next ids of groups that an audience holds, ascending, after the id `after`.

        Ids alone: an audience may hold every group of the country.
        """
        beyond = {} if after is None else {"_id": {"$gt": after}}
        found = await self._directory.aggregate(
            [
                {"$match": {"$and": [holding(audience), beyond]}},
                {"$sort": {"_id": 1}},
                {"$limit": limit},
                {"$project": {"_id": 1}},
            ]
        )
        return [each["_id"] for each in found]

    async def count_by_district(self, audience: Audience) -> list[DistrictCount]:
        """How many groups an audience holds, by the district's code."""
        counted = await self._directory.aggregate(
            [
                {"$match": holding(audience)},
                {
                    "$group": {
                        "_id": "$entry.district_code",
                        "name": {"$min": "$entry.district_name"},
                        "groups": {"$sum": 1},
                    }
                },
                {"$sort": {"_id": 1}},
            ]
        )
        return [DistrictCount(each["_id"], each["name"], each["groups"]) for each in counted]


class AssignmentDirectory:
    """The assignments of students to groups, newest version each; no student is named."""

    def __init__(self, database: Database) -> None:
        self._directory = Directory(database, ASSIGNMENTS, indexes=ASSIGNMENT_INDEXES)

    async def page(self, query: dict[str, Any], limit: int) -> list[KnownAssignment]:
        """Assignments by a query over `entry.…`, in the order of their ids."""
        return [_known_assignment(each) for each in await self._directory.find(query, limit=limit)]

    async def active_after(
        self, after: str | None, today: date, limit: int
    ) -> list[KnownAssignment]:
        """The next assignments whose period isn't over, by id, after the id `after`."""
        beyond = {} if after is None else {"_id": {"$gt": after}}
        active = {
            "entry.status": AssignmentStatus.ASSIGNED.value,
            "entry.period_end": {"$gte": today.isoformat()},
        }
        return await self.page(active | beyond, limit)


def holding(audience: Audience) -> dict[str, Any]:
    """The query for the groups that an audience holds; the same rule as `Audience.holds`."""
    alternatives: list[dict[str, Any]] = []
    if audience.kim_ids:
        alternatives.append({"_id": {"$in": list(audience.kim_ids)}})
    potentials = {"$in": list(audience.potentials)} if audience.potentials else None
    for region in audience.regions:
        within: dict[str, Any] = {"entry.region_code": {"$regex": region_pattern(region)}}
        alternatives.append(within | ({"entry.potentials": potentials} if potentials else {}))
    if not alternatives:
        return {"_id": {"$in": []}}
    return {"entry.status": KimStatus.REGISTERED.value, "$or": alternatives}


def _known_assignment(entry: DirectoryEntry) -> KnownAssignment:
    return KnownAssignment(entry.sequence, entry.time, Assignment.model_validate(entry.entry))
