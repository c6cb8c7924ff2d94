"""Scores: given and corrected by judges; shown to their giver, to all once the stage is closed."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from kentongan.http import (
    Caller,
    Commanding,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    reading,
    shown,
)
from kentongan.http.requests.fields import Remark
from services.scoring.api.entries import EntryReceipt
from services.scoring.api.fields import Slug, StageNumber
from services.scoring.api.scopes import is_office, judge_of, require_insight
from services.scoring.domain.competitions import Competition
from services.scoring.domain.entries import Entry, Participation
from services.scoring.judging.scoring import Marks, Scoring
from services.scoring.stores import Stores

PointsGiven = Annotated[
    dict[Slug, Annotated[int, Field(ge=0, le=1000)]], Field(min_length=1, max_length=12)
]


class SubmitScore(Payload):
    """Points for one or several criteria, each for the first time."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"stage": 1, "points": {"kreativitas": 84}}}
    )

    stage: StageNumber
    points: PointsGiven


class CorrectScore(Payload):
    """Points in place of those given before, and why; the reason stays in this service."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "stage": 1,
                "points": {"kreativitas": 88},
                "reason": "Tautan kedua baru terbuka kemudian.",
            }
        }
    )

    stage: StageNumber
    points: PointsGiven
    reason: Remark


class DeclareConflict(Payload):
    """In which stage the judge can't judge the entry; none means in all."""

    model_config = ConfigDict(json_schema_extra={"example": {"stage": 1}})

    stage: StageNumber | None = None


class ScoreReceipt(BaseModel):
    """What scoring is answered with: the caller's own part."""

    id: str
    version: int
    stage: int
    scored: list[str]


class ScoreShown(BaseModel):
    """Points of one judge for one criterion."""

    judge_id: str
    criterion_id: str
    points: int
    scored_at: datetime


class CorrectionShown(BaseModel):
    """What a score was before."""

    judge_id: str
    criterion_id: str
    before: int
    after: int
    reason: str
    corrected_at: datetime


class CountShown(BaseModel):
    """An activity criterion as it was frozen at the closing."""

    criterion_id: str
    contents: int
    activities: int
    points: float


class StageScoresShown(BaseModel):
    """An entry's scores in one stage, as far as the caller may see them."""

    stage: int
    closed: bool
    scores: list[ScoreShown]
    corrections: list[CorrectionShown]
    counted: list[CountShown]
    given: dict[str, int] | None = Field(
        description="Jumlah kriteria per juri; hanya untuk diskominfo. / "
        "Criteria scored, by judge; for diskominfo only."
    )


class EntryScoresShown(BaseModel):
    """An entry's scores. Before a stage is closed a judge sees their own, the office none."""

    id: str
    version: int
    stages: list[StageScoresShown]


def scores_router(stores: Stores, scoring: Scoring) -> APIRouter:
    """Judges' commands, and the scores as each may see them."""
    router = APIRouter(prefix="/entries/{entry_id}", tags=["scores"])

    @router.post("/scores", response_model=ScoreReceipt, responses=documented(409))
    async def submit(
        entry_id: str,
        body: SubmitScore,
        command: Annotated[Commanding, Depends(commanding("score.submit", Role.JUDGE))],
    ) -> JSONResponse:
        """Beri nilai. / Score an entry."""
        marks = Marks(body.stage, body.points)
        judge_id = judge_of(command.caller)
        return answer(await scoring.mark(entry_id, judge_id, marks, command.context))

    @router.post(
        "/scores/corrections",
        response_model=ScoreReceipt,
        responses=documented(409),
    )
    async def correct(
        entry_id: str,
        body: CorrectScore,
        command: Annotated[Commanding, Depends(commanding("score.correct", Role.JUDGE))],
    ) -> JSONResponse:
        """Perbaiki nilai sendiri. / Correct one's own points."""
        marks = Marks(body.stage, body.points, body.reason)
        judge_id = judge_of(command.caller)
        return answer(await scoring.mark(entry_id, judge_id, marks, command.context))

    @router.post("/conflicts", response_model=EntryReceipt, responses=documented(409))
    async def declare(
        entry_id: str,
        body: DeclareConflict,
        command: Annotated[Commanding, Depends(commanding("conflict.declare", Role.JUDGE))],
    ) -> JSONResponse:
        """Nyatakan benturan kepentingan. / Declare a conflict of interest."""
        judge_id = judge_of(command.caller)
        return answer(await scoring.declare(entry_id, judge_id, body.stage, command.context))

    @router.get("/scores", response_model=EntryScoresShown)
    async def get_scores(
        entry_id: str,
        caller: Annotated[Caller, Depends(reading(Role.JUDGE, Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Nilai sendiri; semua setelah tahap ditutup. / One's own; all once closed."""
        stored = await stores.entries.load(entry_id)
        competition = (await stores.competitions.load(stored.state.competition_id)).state
        require_insight(caller, competition)
        return shown(
            EntryScoresShown(
                id=stored.id,
                version=stored.version,
                stages=_show_stages(stored.state, competition, caller),
            ),
            stored.version,
        )

    return router


def _show_stages(entry: Entry, competition: Competition, caller: Caller) -> list[StageScoresShown]:
    office = is_office(caller, competition)
    own = caller.judge_id if caller.has(Role.JUDGE) else None
    return [_show_stage(part, competition, own, office=office) for part in entry.stages]


def _show_stage(
    part: Participation, competition: Competition, own: str | None, *, office: bool
) -> StageScoresShown:
    """Of an open stage nobody sees more than their own: not the office, and no other judge."""
    closed = competition.stage(part.number).closed_at is not None
    given: dict[str, int] = {}
    for score in part.scores:
        given[score.judge_id] = given.get(score.judge_id, 0) + 1
    return StageScoresShown(
        stage=part.number,
        closed=closed,
        scores=[
            ScoreShown(**each.model_dump())
            for each in part.scores
            if closed or each.judge_id == own
        ],
        corrections=[
            CorrectionShown(**each.model_dump())
            for each in part.corrections
            if closed or each.judge_id == own
        ],
        counted=[
            CountShown(points=each.hundredths / 100, **each.model_dump(exclude={"hundredths"}))
            for each in part.counted
            if closed
        ],
        given=given if office else None,
    )
