"""Closing a stage by hand: the same reads, the same totals, the same fields, with the driver alone.

Made for the one rubric of the bench: two judged criteria and one that is counted. Totals are whole
numbers of a common unit, as exact as the service's fractions.
"""

import uuid
from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Any

from pymongo import UpdateOne

from kentongan.domain.clock import utc_now
from services.scoring.domain.activity import Period
from tests.bench.contest import ACTIVE, CREATIVITY, IMPACT, QUALIFYING, RUBRIC

PARTS = lcm(*range(1, 10)) * 100
UNIT = PARTS * lcm(*(each.range for each in RUBRIC))
WEIGHTS = sum(each.weight for each in RUBRIC)
IN_ORDER = [("state.order_key", -1), ("_id", 1)]
STATE = {"state": 1, "version": 1}
Document = dict[str, Any]


class BareClosing:
    """Closes the first stage of a competition: seals its entries, then ranks them."""

    def __init__(self, database: Any, read_models: Any, period: Period, *, chunk: int) -> None:
        self._entries = database["entries"]
        self._contents = read_models["directory.contents"]
        self._activities = read_models["ledger.activities"]
        self._period = period
        self._chunk = chunk
        self._now = utc_now()

    async def seal(self, competition_id: str) -> None:
        """Total and order of every entry, chunk after chunk."""
        unsealed = {"state.competition_id": competition_id, "state.stage": 1}
        unsealed["state.sealed_stage"] = 0
        while found := await self._entries.find(unsealed, STATE).limit(self._chunk).to_list(None):
            kim_ids = [entry["state"]["kim_id"] for entry in found]
            contents = await self._counted(self._contents, self._published(kim_ids))
            activities = await self._counted(self._activities, self._verified(kim_ids))
            await self._entries.bulk_write(
                [
                    self._update(
                        entry,
                        sealed(
                            entry["state"],
                            contents.get(entry["state"]["kim_id"], 0),
                            activities.get(entry["state"]["kim_id"], 0),
                        ),
                        "stage.seal-entry",
                    )
                    for entry in found
                ],
                ordered=False,
            )

    async def rank(self, competition_id: str) -> None:
        """Ranks in descending order; those within the cut go on to the second stage."""
        of_stage = {"state.competition_id": competition_id, "state.sealed_stage": 1}
        placed, rank, last, after = 0, 0, "", Document()
        while (
            found := await self._entries.find({**of_stage, **after}, STATE)
            .sort(IN_ORDER)
            .limit(self._chunk)
            .to_list(None)
        ):
            bulk = []
            for entry in found:
                placed += 1
                if entry["state"]["order_key"] != last:
                    rank, last = placed, entry["state"]["order_key"]
                bulk.append(self._update(entry, ranked(rank), "stage.rank-entry"))
            await self._entries.bulk_write(bulk, ordered=False)
            beyond = [{"state.order_key": {"$lt": last}}, {"_id": {"$gt": found[-1]["_id"]}}]
            after = {"state.order_key": {"$lte": last}, "$or": beyond}

    def _update(self, entry: Document, fields: Document, rule: str) -> UpdateOne:
        version = entry["version"] + 1
        decision = {
            "id": str(uuid.uuid4()),
            "at": self._now,
            "actor": "reaction:resume-closings",
            "command": "stage.seal",
            "rule": rule,
            "version": version,
            "note": None,
        }
        changed: Document = {
            "$set": fields | {"version": version},
            "$push": {"decisions": decision},
        }
        if following := fields.pop("following", None):
            changed["$push"]["state.stages"] = following
        return UpdateOne({"_id": entry["_id"], "version": entry["version"]}, changed)

    def _published(self, kim_ids: list[str]) -> Document:
        return {
            "entry.kim_id": {"$in": kim_ids},
            "entry.status": "published",
            "entry.published_at": {"$gte": self._period.since, "$lt": self._period.before},
        }

    def _verified(self, kim_ids: list[str]) -> Document:
        first, last = self._period.first.isoformat(), self._period.last.isoformat()
        return {
            "entry.kim_id": {"$in": kim_ids},
            "entry.date": {"$gte": first, "$lte": last},
            "time": {"$lt": self._period.closed_at},
        }

    @staticmethod
    async def _counted(collection: Any, query: Document) -> dict[str, int]:
        group = {"$group": {"_id": "$entry.kim_id", "number": {"$sum": 1}}}
        rows = await collection.aggregate([{"$match": query}, group]).to_list(None)
        return {row["_id"]: row["number"] for row in rows}


def sealed(state: Document, contents: int, activities: int) -> Document:
    """The fields that sealing sets."""
    scores = state["stages"][0]["scores"]
    hundredths = min(10_000, round(Fraction(10_000 * (2 * contents + activities), 8)))
    parts = [
        (CREATIVITY, _mean(scores, CREATIVITY.criterion_id)),
        (IMPACT, _mean(scores, IMPACT.criterion_id)),
        (ACTIVE, hundredths * (PARTS // 100)),
    ]
    total = sum(each.weight * mean * (UNIT // PARTS // each.range) for each, mean in parts)
    numbers = [(total, WEIGHTS * UNIT), *((mean, each.range * PARTS) for each, mean in parts)]
    counted = {"criterion_id": ACTIVE.criterion_id, "contents": contents}
    counted |= {"activities": activities, "hundredths": hundredths}
    return {
        "state.stages.0.counted": [counted],
        "state.stages.0.total": float(round(Fraction(100 * total, WEIGHTS * UNIT), 4)),
        "state.sealed_stage": 1,
        "state.order_key": "-".join(str(one).zfill(len(str(most))) for one, most in numbers),
    }


def ranked(rank: int) -> Document:
    """The fields that ranking sets."""
    goes_on = rank <= QUALIFYING
    fields: Document = {
        "state.stages.0.rank": rank,
        "state.stages.0.qualified": goes_on,
        "state.ranked_stage": 1,
        "state.rank": rank,
    }
    if goes_on:
        following = {"number": 2, "scores": [], "corrections": [], "counted": []}
        following |= {"total": None, "rank": None, "qualified": None}
        fields |= {"state.stage": 2, "state.stages.1": following}
    return fields


def _mean(scores: Iterable[Document], criterion_id: str) -> int:
    points: list[int] = [one["points"] for one in scores if one["criterion_id"] == criterion_id]
    return sum(points) * PARTS // len(points)
