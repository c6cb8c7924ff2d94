"""Competitions: opened and run by diskominfo, seen by everybody."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import ConfigDict

from kentongan.http import (
    Caller,
    Commanding,
    Page,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    public,
    shown,
)
from kentongan.storage.aggregates.store import derived_id
from services.scoring.api.competition_views import (
    CRITERIA_EXAMPLE,
    CompetitionQuery,
    CompetitionReceipt,
    CompetitionShown,
    Criteria,
    Judges,
    OpenCompetition,
    competition_of,
    rubric_of,
    show_competition,
)
from services.scoring.domain.running import assign_judges, change_rubric, open_competition
from services.scoring.judging.receipts import competition_receipt
from services.scoring.stores import Stores


class ChangeRubric(Payload):
    """All criteria of a stage, anew."""

    model_config = ConfigDict(json_schema_extra={"example": {"criteria": CRITERIA_EXAMPLE}})

    criteria: Criteria


class AssignJudges(Payload):
    """All judges of a stage."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"judges": ["juri-7f3a", "juri-19c2", "juri-b04e"]}}
    )

    judges: Judges


Anyone = Annotated[Caller | None, Depends(public())]


def competitions_router(stores: Stores) -> APIRouter:
    """Commands and queries on competitions, closing and results apart."""
    router = APIRouter(prefix="/competitions", tags=["competitions"])
    competitions = stores.competitions

    @router.post("", status_code=201, response_model=CompetitionReceipt, responses=documented(409))
    async def open_(
        body: OpenCompetition,
        command: Annotated[Commanding, Depends(commanding("competition.open", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Buka lomba. / Open a competition."""
        command.caller.require_region(body.region_code)
        competition_id = derived_id(command.context.idempotency)
        outcome = await competitions.answered(competition_id, command.context)
        if outcome is None:
            asked = competition_of(competition_id, body)
            decision = open_competition(asked, command.context.now)
            outcome = await competitions.create(
                competition_id, decision, command.context, competition_receipt
            )
        return answer(outcome, location=f"/v1/competitions/{competition_id}")

    @router.put(
        "/{competition_id}/stages/{number}/rubric",
        response_model=CompetitionReceipt,
        responses=documented(409),
    )
    async def replace_rubric(
        competition_id: str,
        number: int,
        body: ChangeRubric,
        command: Annotated[
            Commanding,
            Depends(commanding("competition.change-rubric", Role.DISKOMINFO, overwrites=True)),
        ],
    ) -> JSONResponse:
        """Ganti rubrik sebelum penilaian. / Replace a rubric, before any score of it."""
        stored = await competitions.load(competition_id)
        command.caller.require_region(stored.state.region_code)
        outcome = await competitions.change(
            competition_id,
            lambda state: change_rubric(state, number, rubric_of(body.criteria)),
            command.context,
            competition_receipt,
        )
        return answer(outcome)

    @router.put(
        "/{competition_id}/stages/{number}/judges",
        response_model=CompetitionReceipt,
        responses=documented(409),
    )
    async def replace_judges(
        competition_id: str,
        number: int,
        body: AssignJudges,
        command: Annotated[
            Commanding,
            Depends(commanding("competition.assign-judges", Role.DISKOMINFO, overwrites=True)),
        ],
    ) -> JSONResponse:
        """Tetapkan juri sebuah tahap. / Say who judges a stage."""
        stored = await competitions.load(competition_id)
        command.caller.require_region(stored.state.region_code)
        outcome = await competitions.change(
            competition_id,
            lambda state: assign_judges(state, number, tuple(body.judges)),
            command.context,
            competition_receipt,
        )
        return answer(outcome)

    @router.get("", response_model=Page[CompetitionShown])
    async def list_competitions(
        query: Annotated[CompetitionQuery, Query()], caller: Anyone
    ) -> Page[CompetitionShown]:
        """Semua lomba. / All competitions."""
        found = await competitions.find(query.wanted(), limit=query.fetch)
        return query.page(
            found, lambda stored: show_competition(stored, caller), lambda stored: (stored.id,)
        )

    @router.get("/{competition_id}", response_model=CompetitionShown)
    async def get_competition(competition_id: str, caller: Anyone) -> JSONResponse:
        """Satu lomba. / One competition."""
        stored = await competitions.load(competition_id)
        return shown(show_competition(stored, caller), stored.version)

    return router
