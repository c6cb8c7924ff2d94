"""Entries: a group enters a competition; everybody sees what was entered, and no scores."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.http import (
    Caller,
    Commanding,
    NotOwn,
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
from kentongan.storage.aggregates.store import Stored
from services.scoring.api.fields import Link, StageNumber, Summary
from services.scoring.api.scopes import require_insight
from services.scoring.domain.entries import Entry, Submission, entry_id
from services.scoring.entering.submission import Entering
from services.scoring.stores import Stores


class SubmitEntry(Payload):
    """What the group enters, for everybody to see."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "title": "Lapak digital Gerendeng",
                "summary": "Toko bersama bagi 40 pelaku UMKM kelurahan.",
                "links": ["https://kim-gerendeng.example.id/lapak"],
            }
        }
    )

    title: Name
    summary: Summary
    links: Annotated[list[Link], Field(max_length=10)] = Field(default_factory=list)


class EntryQuery(PageQuery):
    """Filters of a competition's entries."""

    kim: Id | SkipJsonSchema[None] = None
    stage: Annotated[
        StageNumber | SkipJsonSchema[None],
        Field(
            description="Yang mencapai tahap ini; untuk diskominfo dan juri. / "
            "Those that reached this stage; for diskominfo and judges."
        ),
    ] = None


class EntryShown(BaseModel):
    """An entry, for everybody."""

    id: str
    version: int
    competition_id: str
    kim_id: str
    region_code: str
    title: str
    summary: str
    links: list[str]
    submitted_at: datetime


class EntryReceipt(BaseModel):
    """What entering is answered with."""

    id: str
    version: int


Anyone = Annotated[Caller | None, Depends(public())]


def entries_router(stores: Stores, entering: Entering) -> APIRouter:
    """Commands and queries on entries, scores apart."""
    router = APIRouter(tags=["entries"])

    @router.post(
        "/competitions/{competition_id}/entries",
        status_code=201,
        response_model=EntryReceipt,
        responses=documented(409),
    )
    async def submit(
        competition_id: str,
        body: SubmitEntry,
        command: Annotated[Commanding, Depends(commanding("entry.submit", Role.KIM))],
    ) -> JSONResponse:
        """Ikut lomba. / Enter a competition."""
        kim_id = command.caller.kim_id
        if kim_id is None:
            raise NotOwn(kind="KIM")
        submission = Submission(title=body.title, summary=body.summary, links=tuple(body.links))
        outcome = await entering.submit(competition_id, kim_id, submission, command.context)
        return answer(outcome, location=f"/v1/entries/{entry_id(competition_id, kim_id)}")

    @router.get("/competitions/{competition_id}/entries", response_model=Page[EntryShown])
    async def list_entries(
        competition_id: str, query: Annotated[EntryQuery, Query()], caller: Anyone
    ) -> Page[EntryShown]:
        """Peserta lomba. / A competition's entries."""
        wanted: list[dict[str, Any]] = [{"state.competition_id": competition_id}, query.after_id()]
        competition = await stores.competitions.load(competition_id)
        if query.stage is not None:
            require_insight(caller, competition.state)
            wanted.append({"state.stage": {"$gte": query.stage}})
        if query.kim is not None:
            wanted.append({"_id": entry_id(competition_id, query.kim)})
        found = await stores.entries.find(
            {"$and": wanted}, limit=query.fetch, without=("stages", "conflicts")
        )
        return query.page(found, show_entry, lambda stored: (stored.id,))

    @router.get("/entries/{entry_id}", response_model=EntryShown)
    async def get_entry(entry_id: str, _caller: Anyone) -> JSONResponse:
        """Satu peserta. / One entry."""
        stored = await stores.entries.load(entry_id)
        return shown(show_entry(stored), stored.version)

    return router


def show_entry(stored: Stored[Entry]) -> EntryShown:
    """An entry as everybody sees it."""
    facts = stored.state.model_dump(include=set(EntryShown.model_fields) - {"id", "version"})
    return EntryShown(id=stored.id, version=stored.version, **facts)
