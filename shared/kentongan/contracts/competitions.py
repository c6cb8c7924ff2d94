"""What a competition's public state is made of: stages with their rubrics, and results."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, Field


class ActivityFormula(BaseModel):
    """What a group's doings are worth, and how much of them earns the most points."""

    per_content: int = Field(description="what a published content earns")
    per_activity: int = Field(description="what a verified activity earns")
    target: int = Field(description="what earns the most points; more earns no more")


class Criterion(BaseModel):
    """One thing that is judged, or counted from what a group did."""

    criterion_id: str = Field(description="short name, e.g. kreativitas")
    name: str = Field(description="as people read it, e.g. Kreativitas")
    kind: str = Field(description="judged (by the judges) or activity (counted)")
    weight: int = Field(description="its share of the total; shares are of their sum")
    scale_min: int = Field(description="fewest points")
    scale_max: int = Field(description="most points")
    activity: ActivityFormula | None = Field(
        default=None,
        description="none for a judged one; an activity criterion's points are scale_min + "
        "(scale_max - scale_min) * min(1, (contents * per_content + activities * per_activity) / "
        "target), rounded to 2 places, half to even",
    )


class CompetitionStage(BaseModel):
    """One stage: its rubric, and how it ended if it is closed."""

    number: int = Field(description="1 for the first")
    name: str = Field(description="e.g. Presentasi")
    criteria: list[Criterion] = Field(description="the rubric")
    qualifying: int | None = Field(
        description="how many go on to the next stage; none means all of them"
    )
    closed_at: AwareDatetime | None = Field(description="when no score could be given any more")
    entries: int | None = Field(description="how many entries were ranked, once closed")
    qualified: int | None = Field(description="how many went on, once closed")


class ActivityCount(BaseModel):
    """What a group had done within the competition's period, frozen as the stage was closed."""

    contents: int = Field(description="contents that it had published, and not retracted")
    activities: int = Field(description="activities of students that it had verified")


class CriterionResult(BaseModel):
    """The points of one criterion, and what became of them."""

    criterion_id: str = Field(description="one of the stage's rubric")
    points: list[float] = Field(
        description="one a judge, in ascending order, so that no judge is known by the place; "
        "for an activity criterion the one figure that formula and count make; empty where no "
        "judge gave any"
    )
    mean: float = Field(
        description="their mean, rounded to 4 places; where there are no points, the fewest of "
        "the scale"
    )
    counted: ActivityCount | None = Field(
        default=None,
        description="what an activity criterion's points are made of; none for a judged one",
    )


class StageResult(BaseModel):
    """How an entry ended a stage."""

    number: int = Field(description="the stage, 1 for the first")
    rank: int = Field(description="in this stage")
    total: float = Field(
        description="0 to 100: the means, each as a share of its scale, weighted; 4 places"
    )
    criteria: list[CriterionResult] = Field(description="every criterion of the stage")


class RankedEntry(BaseModel):
    """An entry's place in the final ranking, with all that its total is made of."""

    rank: int = Field(description="equal ranks are shared, and the next one is left out")
    entry_id: str = Field(description="the entry")
    kim_id: str = Field(description="the group that entered")
    region_code: str = Field(description="Kemendagri code of the group's region")
    title: str = Field(description="the entry's title")
    stages: list[StageResult] = Field(description="every stage that it took part in")


class Prize(BaseModel):
    """What a group won: a place of the ranking, or a special prize beside it."""

    name: str = Field(description="e.g. Juara 1, or Konten Terfavorit")
    entry_id: str = Field(description="the entry that won it")
    kim_id: str = Field(description="the group that won it")
    rank: int | None = Field(description="none for a special prize")


class Results(BaseModel):
    """The outcome of a competition."""

    published_at: AwareDatetime = Field(description="when the results became public")
    tie_rule: str = Field(description="how equal totals were told apart, in plain words")
    entries: int = Field(description="how many entries are ranked in all")
    ranking: list[RankedEntry] = Field(
        description="the first of them, 200 at most; all are served by the scoring service"
    )
    prizes: list[Prize] = Field(description="places of the ranking, and special prizes")


_CRITERIA: list[dict[str, Any]] = [
    {
        "criterion_id": "kreativitas",
        "name": "Kreativitas",
        "kind": "judged",
        "weight": 60,
        "scale_min": 0,
        "scale_max": 100,
        "activity": None,
    },
    {
        "criterion_id": "keaktifan",
        "name": "Keaktifan KIM",
        "kind": "activity",
        "weight": 40,
        "scale_min": 0,
        "scale_max": 100,
        "activity": {"per_content": 2, "per_activity": 1, "target": 20},
    },
]
STAGE_EXAMPLE: dict[str, Any] = {
    "number": 1,
    "name": "Penilaian karya",
    "criteria": _CRITERIA,
    "qualifying": None,
    "closed_at": "2026-11-10T08:00:00Z",
    "entries": 1,
    "qualified": 1,
}
RANKED_EXAMPLE: dict[str, Any] = {
    "rank": 1,
    "entry_id": "c1a4c7de-63f5-5f2a-8a3b-9a0b7f0d4e11",
    "kim_id": "5f0c2f4e-7a55-5bd0-9a3e-0d0c4f6a8b11",
    "region_code": "36.71.07.1013",
    "title": "Lapak digital Gerendeng",
    "stages": [
        {
            "number": 1,
            "rank": 1,
            "total": 78.8,
            "criteria": [
                {
                    "criterion_id": "kreativitas",
                    "points": [80.0, 84.0, 90.0],
                    "mean": 84.6667,
                    "counted": None,
                },
                {
                    "criterion_id": "keaktifan",
                    "points": [70.0],
                    "mean": 70.0,
                    "counted": {"contents": 3, "activities": 8},
                },
            ],
        }
    ],
}
