"""The office closes a stage, looks how far its judging is, and who decided what."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from kentongan.domain import Decision
from kentongan.http import (
    Caller,
    Commanding,
    DecisionShown,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    reading,
    show_decisions,
)
from kentongan.http.requests.fields import Remark
from services.scoring.api.competition_views import CompetitionReceipt
from services.scoring.domain.competitions import Competition
from services.scoring.domain.running import begin_closing
from services.scoring.judging.closing import StageClosing
from services.scoring.judging.progress import missing_scores, progress_of
from services.scoring.judging.receipts import competition_receipt
from services.scoring.stores import Stores


class CloseStage(Payload):
    """Close a stage; with a reason even where scores are missing. The reason stays inside."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"incomplete_reason": "Satu juri berhalangan hadir."}}
    )

    incomplete_reason: Remark | None = None


class JudgeProgressShown(BaseModel):
    """How many criteria a judge has scored, over all entries; no points."""

    judge_id: str
    given: int
    expected: int
    conflicts: int


class ProgressShown(BaseModel):
    """How far the judging of a stage is."""

    stage: int
    status: str = Field(description="waiting, open, closing, closed")
    entries: int
    missing: int
    judges: list[JudgeProgressShown]


Office = Annotated[Caller, Depends(reading(Role.DISKOMINFO))]


def closing_router(stores: Stores, closing: StageClosing) -> APIRouter:
    """The closing of stages, and what leads to it."""
    router = APIRouter(prefix="/competitions", tags=["competitions"])
    competitions = stores.competitions

    @router.post(
        "/{competition_id}/stages/{number}/closing",
        response_model=CompetitionReceipt,
        responses=documented(409),
    )
    async def close(
        competition_id: str,
        number: int,
        body: CloseStage,
        command: Annotated[Commanding, Depends(commanding("stage.close", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Tutup tahap; penyegelan berlanjut sendiri. / Close a stage; sealing goes on by itself."""
        stored = await competitions.load(competition_id)
        command.caller.require_region(stored.state.region_code)

        async def decide(state: Competition) -> Decision[Competition]:
            missing = await missing_scores(stores, state, state.stage(number))
            now, reason = command.context.now, body.incomplete_reason
            return begin_closing(state, number, missing, now, reason)

        outcome = await competitions.change(
            competition_id, decide, command.context, competition_receipt
        )
        closing.wake()
        return answer(outcome)

    @router.get("/{competition_id}/stages/{number}/progress", response_model=ProgressShown)
    async def progress(competition_id: str, number: int, caller: Office) -> ProgressShown:
        """Siapa sudah menilai berapa, tanpa nilai. / Who has scored how many; no points."""
        stored = await competitions.load(competition_id)
        caller.require_region(stored.state.region_code)
        stage = stored.state.stage(number)
        found = await progress_of(stores, stored.state, stage)
        return ProgressShown(
            stage=number,
            status=_status(stored.state, number),
            entries=found.entries,
            missing=found.missing,
            judges=[JudgeProgressShown(**asdict(each)) for each in found.judges],
        )

    @router.get("/{competition_id}/decisions", response_model=list[DecisionShown])
    async def decisions(competition_id: str, caller: Office) -> list[DecisionShown]:
        """Siapa memutuskan apa. / Who decided what."""
        stored = await competitions.load(competition_id)
        caller.require_region(stored.state.region_code)
        return show_decisions(await competitions.decisions(competition_id))

    return router


def _status(competition: Competition, number: int) -> str:
    stage = competition.stage(number)
    if stage.closed_at is not None:
        return "closed"
    if competition.closing is not None and competition.closing.stage == number:
        return "closing"
    return "open" if competition.open_stage == stage else "waiting"
