"""Rankings and results: the office's until they are published, everybody's from then on."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from kentongan.contracts.competitions import RankedEntry, Results
from kentongan.http import (
    Caller,
    Commanding,
    Page,
    PageQuery,
    Payload,
    Role,
    answer,
    commanding,
    documented,
    public,
    shown,
)
from kentongan.http.requests.fields import Id, Name
from services.scoring.api.competition_views import CompetitionReceipt
from services.scoring.api.fields import StageNumber
from services.scoring.api.scopes import is_office
from services.scoring.domain.awarding import PrizeOffered
from services.scoring.domain.competitions import Competition
from services.scoring.domain.entries import Entry
from services.scoring.domain.errors import ResultsNotPublished
from services.scoring.domain.public_state import ranked_entry, results_of
from services.scoring.judging.results import Publication
from services.scoring.stores import Stores

LAST_RANK = 10_000_000


class PrizeGiven(Payload):
    """A prize for a rank (all who share it win it), or a special one for an entry."""

    name: Name
    rank: Annotated[int, Field(ge=1, le=LAST_RANK)] | None = None
    entry_id: Id | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.rank is None) == (self.entry_id is None):
            raise ValueError("give either rank or entry_id")
        return self


class PublishResults(Payload):
    """The prizes; the ranking is what it is."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"prizes": [{"name": "Juara 1", "rank": 1}]}}
    )

    prizes: Annotated[list[PrizeGiven], Field(max_length=50)] = Field(default_factory=list)


class RankingQuery(PageQuery):
    """Which ranking: of one stage, or the final one."""

    stage: StageNumber | SkipJsonSchema[None] = None


Anyone = Annotated[Caller | None, Depends(public())]


def rankings_router(stores: Stores, publication: Publication) -> APIRouter:
    """Rankings, results, and their publication."""
    router = APIRouter(prefix="/competitions/{competition_id}", tags=["results"])

    @router.get("/ranking", response_model=Page[RankedEntry])
    async def ranking(
        competition_id: str, query: Annotated[RankingQuery, Query()], caller: Anyone
    ) -> Page[RankedEntry]:
        """Peringkat; umum setelah diumumkan. / The ranking; public once published."""
        competition = (await stores.competitions.load(competition_id)).state
        if competition.outcome is None and not is_office(caller, competition):
            raise ResultsNotPublished
        path = "state.rank"
        if query.stage is not None:
            competition.stage(query.stage)
            path = f"state.stages.{query.stage - 1}.rank"
        found = await stores.entries.find(
            {"$and": [{"state.competition_id": competition_id}, _after(query, path)]},
            sort=((path, 1), ("_id", 1)),
            limit=query.fetch,
        )
        return query.page(
            found,
            lambda stored: _show(competition, stored.state, query.stage),
            lambda stored: (_rank(stored.state, query.stage), stored.id),
        )

    @router.post("/results", response_model=CompetitionReceipt, responses=documented(409))
    async def publish(
        competition_id: str,
        body: PublishResults,
        command: Annotated[Commanding, Depends(commanding("results.publish", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Umumkan hasil, sekali untuk selamanya. / Publish the results, once and for all."""
        stored = await stores.competitions.load(competition_id)
        command.caller.require_region(stored.state.region_code)
        offered = [PrizeOffered(**each.model_dump()) for each in body.prizes]
        return answer(await publication.publish(competition_id, offered, command.context))

    @router.get("/results", response_model=Results)
    async def results(competition_id: str, _caller: Anyone) -> JSONResponse:
        """Hasil lomba, dapat dihitung ulang. / The results, for anyone to recompute."""
        stored = await stores.competitions.load(competition_id)
        outcome = stored.state.outcome
        if outcome is None:
            raise ResultsNotPublished
        first = [each.state for each in await publication.first(competition_id)]
        return shown(results_of(stored.state, outcome, first), stored.version)

    return router


def _rank(entry: Entry, stage: int | None) -> int:
    if stage is None:
        return entry.rank
    return entry.stages[stage - 1].rank or 0


def _show(competition: Competition, entry: Entry, stage: int | None) -> RankedEntry:
    ranked = ranked_entry(competition, entry)
    return ranked.model_copy(update={"rank": _rank(entry, stage)})


def _after(query: RankingQuery, path: str) -> dict[str, Any]:
    """Entries without a rank (yet) are in no ranking."""
    after = query.after(int, str)
    if after is None:
        return {path: {"$gt": 0}}
    rank, entry_id = after
    return {"$or": [{path: {"$gt": rank}}, {path: rank, "_id": {"$gt": entry_id}}]}
