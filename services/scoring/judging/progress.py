"""How far the judging of a stage is: who has scored how many, and no points."""

from dataclasses import dataclass
from typing import Any

from services.scoring.domain.competitions import Competition, Stage
from services.scoring.domain.rubrics import judged
from services.scoring.stores import Stores

Pipeline = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class JudgeProgress:
    """One judge's part in a stage; scores are counted by criterion."""

    judge_id: str
    given: int
    expected: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage's judging."""

    entries: int
    judges: tuple[JudgeProgress, ...]

    @property
    def missing(self) -> int:
        """The scores that the judges still owe."""
        return sum(judge.expected - judge.given for judge in self.judges)


async def missing_scores(stores: Stores, competition: Competition, stage: Stage) -> int:
    """The scores that judges owe to the unsealed entries of a stage, conflicts left out."""
    number, judges = stage.number, list(stage.judges)
    conflicted = {
        "$setIntersection": [
            judges,
            {"$map": {"input": _conflicts(number), "in": "$$this.judge_id"}},
        ]
    }
    owed = {
        "$multiply": [
            len(judged(stage.criteria)),
            {"$subtract": [len(judges), {"$size": conflicted}]},
        ]
    }
    given = {"$size": {"$arrayElemAt": ["$state.stages.scores", number - 1]}}
    counted = await stores.entries.aggregate(
        [
            {
                "$match": {
                    "state.competition_id": competition.competition_id,
                    "state.stage": number,
                    "state.sealed_stage": number - 1,
                }
            },
            {"$group": {"_id": None, "missing": {"$sum": {"$subtract": [owed, given]}}}},
        ]
    )
    return int(counted[0]["missing"]) if counted else 0


async def progress_of(stores: Stores, competition: Competition, stage: Stage) -> Progress:
    """Who has scored how many of a stage."""
    number = stage.number
    reached: dict[str, Any] = {
        "state.competition_id": competition.competition_id,
        "state.stage": {"$gte": number},
    }
    entries = await stores.entries.count(reached)
    match: Pipeline = [{"$match": reached}]
    given = await _by_judge(
        stores,
        [
            *match,
            {"$project": {"each": {"$arrayElemAt": ["$state.stages.scores", number - 1]}}},
        ],
    )
    conflicts = await _by_judge(
        stores,
        [
            *match,
            {"$match": {"state.conflicts.0": {"$exists": True}}},
            {
                "$project": {
                    "each": {
                        "$map": {
                            "input": {
                                "$setUnion": [
                                    {"$map": {"input": _conflicts(number), "in": "$$this.judge_id"}}
                                ]
                            },
                            "in": {"judge_id": "$$this"},
                        }
                    }
                }
            },
        ],
    )
    criteria = len(judged(stage.criteria))
    return Progress(
        entries,
        tuple(
            JudgeProgress(
                judge_id,
                given.get(judge_id, 0),
                criteria * (entries - conflicts.get(judge_id, 0)),
                conflicts.get(judge_id, 0),
            )
            for judge_id in stage.judges
        ),
    )


def _conflicts(number: int) -> dict[str, Any]:
    """The conflicts of an entry that concern a stage."""
    concerned = {"$in": ["$$this.stage", [None, number]]}
    return {"$filter": {"input": "$state.conflicts", "cond": concerned}}


async def _by_judge(stores: Stores, pipeline: Pipeline) -> dict[str, int]:
    counted = await stores.entries.aggregate(
        [
            *pipeline,
            {"$unwind": "$each"},
            {"$group": {"_id": "$each.judge_id", "number": {"$sum": 1}}},
        ]
    )
    return {each["_id"]: each["number"] for each in counted}
