"""What competitions are opened with, and how they are shown."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonValue
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.regions import RegionCode, region_pattern
from kentongan.http import Caller, PageQuery, Payload
from kentongan.http.requests.fields import Day, Moment, Name
from kentongan.storage.aggregates.store import Stored
from services.scoring.api.fields import JudgeId, Region, Slug
from services.scoring.api.scopes import is_office
from services.scoring.domain.competitions import Competition, CompetitionStatus, Stage
from services.scoring.domain.ranking import JUDGES, TIE_RULE
from services.scoring.domain.rubrics import ActivityFormula, Criterion, CriterionKind, Rubric

Points = Annotated[int, Field(ge=0, le=1000)]
CRITERIA_EXAMPLE: list[JsonValue] = [
    {"id": "kreativitas", "name": "Kreativitas", "kind": "judged", "weight": 60},
    {
        "id": "keaktifan",
        "name": "Keaktifan KIM",
        "kind": "activity",
        "weight": 40,
        "activity": {"per_content": 2, "per_activity": 1, "target": 20},
    },
]


class FormulaGiven(Payload):
    """contents * per_content + activities * per_activity, against a target that earns the most."""

    per_content: Points
    per_activity: Points
    target: Annotated[int, Field(ge=1, le=1_000_000)]


class CriterionGiven(Payload):
    """One criterion: judged on a scale, or counted from what the group did."""

    id: Slug
    name: Name
    kind: CriterionKind
    weight: Annotated[int, Field(ge=1, le=100)]
    scale_min: Points = 0
    scale_max: Points = 100
    activity: FormulaGiven | None = None


Criteria = Annotated[list[CriterionGiven], Field(min_length=1, max_length=12)]
Judges = Annotated[list[JudgeId], Field(min_length=1, max_length=JUDGES)]


class StageGiven(Payload):
    """One stage; `qualifying` is how many go on, and none means everybody."""

    name: Name
    criteria: Criteria
    judges: Judges
    deadline: Moment
    qualifying: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class OpenCompetition(Payload):
    """A competition with its stages in order."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "title": "Lomba Kampung Digital",
                "region_code": "36.71",
                "period_start": "2027-09-25",
                "period_end": "2027-11-05",
                "submissions_until": "2027-10-25T17:00:00+07:00",
                "stages": [
                    {
                        "name": "Penilaian karya",
                        "criteria": CRITERIA_EXAMPLE,
                        "judges": ["juri-7f3a", "juri-19c2", "juri-b04e"],
                        "deadline": "2027-11-10T17:00:00+07:00",
                        "qualifying": 10,
                    }
                ],
            }
        }
    )

    title: Name
    region_code: Region
    period_start: Day
    period_end: Day
    submissions_until: Moment
    stages: Annotated[list[StageGiven], Field(min_length=1, max_length=6)]


class CriterionShown(BaseModel):
    """A criterion, with the formula where it is counted."""

    id: str
    name: str
    kind: str
    weight: int
    scale_min: int
    scale_max: int
    activity: FormulaGiven | None


class StageShown(BaseModel):
    """A stage. Who judges it is for the city's office."""

    number: int
    name: str
    criteria: list[CriterionShown]
    judges: list[str] | None = Field(description="Hanya untuk diskominfo. / For diskominfo only.")
    deadline: datetime
    qualifying: int | None
    closed_at: datetime | None
    entries: int | None
    qualified: int | None


class CompetitionShown(BaseModel):
    """A competition."""

    id: str
    version: int
    title: str
    region_code: str
    status: str
    period_start: date
    period_end: date
    submissions_until: datetime
    tie_rule: str
    stages: list[StageShown]


class CompetitionReceipt(BaseModel):
    """What commands on competitions are answered with."""

    id: str
    version: int
    status: str


class CompetitionQuery(PageQuery):
    """Filters of the list of competitions."""

    region: Annotated[
        RegionCode | SkipJsonSchema[None],
        Field(description="Kode wilayah. / Region code.", examples=["36.71"]),
    ] = None
    status: CompetitionStatus | SkipJsonSchema[None] = None

    def wanted(self) -> dict[str, Any]:
        """The query over the store."""
        wanted: dict[str, Any] = {**self.after_id()}
        if self.region is not None:
            wanted["state.region_code"] = {"$regex": region_pattern(self.region)}
        if self.status is not None:
            wanted["state.status"] = self.status.value
        return wanted


def rubric_of(criteria: Iterable[CriterionGiven]) -> Rubric:
    """The criteria as the domain has them."""
    return tuple(
        Criterion(
            criterion_id=each.id,
            activity=ActivityFormula(**each.activity.model_dump()) if each.activity else None,
            **each.model_dump(exclude={"id", "activity"}),
        )
        for each in criteria
    )


def competition_of(competition_id: str, body: OpenCompetition) -> Competition:
    """A new competition as it was asked for."""
    stages = tuple(
        Stage(
            number=number,
            name=each.name,
            criteria=rubric_of(each.criteria),
            judges=tuple(each.judges),
            deadline=each.deadline,
            qualifying=each.qualifying,
        )
        for number, each in enumerate(body.stages, start=1)
    )
    facts = body.model_dump(exclude={"stages"})
    return Competition(competition_id=competition_id, stages=stages, **facts)


def show_competition(stored: Stored[Competition], caller: Caller | None) -> CompetitionShown:
    """A competition as this caller may see it."""
    state = stored.state
    office = is_office(caller, state)
    facts = state.model_dump(include={"title", "region_code", "period_start", "period_end"})
    return CompetitionShown(
        id=stored.id,
        version=stored.version,
        status=state.status.value,
        submissions_until=state.submissions_until,
        tie_rule=TIE_RULE,
        stages=[_show_stage(stage, judges=office) for stage in state.stages],
        **facts,
    )


def _show_stage(stage: Stage, *, judges: bool) -> StageShown:
    facts = stage.model_dump(exclude={"criteria", "judges", "judging_since"})
    criteria = [
        CriterionShown(id=each.criterion_id, **each.model_dump(exclude={"criterion_id"}))
        for each in stage.criteria
    ]
    return StageShown(criteria=criteria, judges=list(stage.judges) if judges else None, **facts)
