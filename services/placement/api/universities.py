"""Universities: added and edited by diskominfo, listed for anyone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

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
from kentongan.http.requests.fields import Name
from kentongan.storage.aggregates.store import AggregateStore, Stored
from kentongan.storage.errors import DuplicateValue
from services.placement.api.fields import Slug
from services.placement.domain.errors import UniversityNameTaken
from services.placement.domain.universities import (
    University,
    add_university,
    edit_university,
    field_taken,
)
from services.placement.stores import KNOWN_AS


class AddUniversity(Payload):
    """A university and the spellings under which campuses write it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"id": "budi-luhur", "name": "Universitas Budi Luhur", "aliases": ["UBL"]}
        }
    )

    id: Slug
    name: Name
    aliases: list[Name] = Field(default_factory=list, max_length=20)


class EditUniversity(Payload):
    """A university's name and spellings, all of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Universitas Budi Luhur", "aliases": ["UBL", "Budiluhur"]}
        }
    )

    name: Name
    aliases: list[Name] = Field(max_length=20)


class UniversityShown(BaseModel):
    """A university."""

    id: str
    version: int
    name: str
    aliases: list[str]


def universities_router(universities: AggregateStore[University]) -> APIRouter:
    """Commands and queries on universities."""
    router = APIRouter(prefix="/universities", tags=["universities"])

    @router.post("", status_code=201, response_model=UniversityShown, responses=documented(409))
    async def add(
        body: AddUniversity,
        command: Annotated[Commanding, Depends(commanding("university.add", Role.DISKOMINFO))],
    ) -> JSONResponse:
        """Tambah universitas. / Add a university."""
        decision = add_university(body.id, body.name, tuple(body.aliases))
        async with _spellings_refused(universities, body.id, decision.state):
            outcome = await universities.create(body.id, decision, command.context, _receipt)
        return answer(outcome, location=f"/v1/universities/{body.id}")

    @router.put("/{university_id}", response_model=UniversityShown, responses=documented(409))
    async def edit(
        university_id: str,
        body: EditUniversity,
        command: Annotated[
            Commanding,
            Depends(commanding("university.edit", Role.DISKOMINFO, overwrites=True)),
        ],
    ) -> JSONResponse:
        """Ubah nama dan alias universitas. / Edit a university's name and aliases."""
        decision = edit_university(university_id, body.name, tuple(body.aliases))
        async with _spellings_refused(universities, university_id, decision.state):
            outcome = await universities.change(
                university_id, lambda _: decision, command.context, _receipt
            )
        return answer(outcome)

    @router.get("/{university_id}", response_model=UniversityShown)
    async def get_university(
        university_id: str, _caller: Annotated[Caller | None, Depends(public())]
    ) -> JSONResponse:
        """Satu universitas. / One university."""
        stored = await universities.load(university_id)
        return shown(_show(stored), stored.version)

    @router.get("", response_model=Page[UniversityShown])
    async def list_universities(
        query: Annotated[PageQuery, Query()], _caller: Annotated[Caller | None, Depends(public())]
    ) -> Page[UniversityShown]:
        """Daftar universitas. / The universities."""
        found = await universities.find(query.after_id(), limit=query.fetch)
        return query.page(found, _show, lambda stored: (stored.id,))

    return router


@asynccontextmanager
async def _spellings_refused(
    universities: AggregateStore[University], university_id: str, wanted: University
) -> AsyncIterator[None]:
    """The index of spellings speaks as the rule that it holds, and names the field."""
    try:
        yield
    except DuplicateValue as duplicate:
        if duplicate.index != KNOWN_AS.name:
            raise
        others = await universities.find(
            {"_id": {"$ne": university_id}, "state.known_as": {"$in": list(wanted.known_as)}},
            limit=0,
        )
        taken = frozenset(text for each in others for text in each.state.known_as)
        raise UniversityNameTaken(field=field_taken(university_id, wanted, taken)) from duplicate


def _show(stored: Stored[University]) -> UniversityShown:
    return UniversityShown(
        id=stored.id,
        version=stored.version,
        name=stored.state.name,
        aliases=list(stored.state.aliases),
    )


def _receipt(stored: Stored[University]) -> dict[str, Any]:
    return _show(stored).model_dump()
