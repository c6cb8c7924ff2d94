"""Universities: added by diskominfo, listed for anyone."""

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
)
from kentongan.storage.aggregates.store import AggregateStore, Stored
from kentongan.storage.errors import DuplicateValue
from services.placement.api.fields import Name, Slug
from services.placement.domain.errors import UniversityNameTaken
from services.placement.domain.universities import University, add_university
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
        try:
            outcome = await universities.create(body.id, decision, command.context, _receipt)
        except DuplicateValue as duplicate:
            if duplicate.index != KNOWN_AS.name:
                raise
            raise UniversityNameTaken(field="/aliases") from duplicate
        return answer(outcome, location=f"/v1/universities/{body.id}")

    @router.get("", response_model=Page[UniversityShown])
    async def list_universities(
        query: Annotated[PageQuery, Query()], _caller: Annotated[Caller | None, Depends(public())]
    ) -> Page[UniversityShown]:
        """Daftar universitas. / The universities."""
        found = await universities.find(query.after_id(), limit=query.fetch)
        return query.page(found, _show, lambda stored: (stored.id,))

    return router


def _show(stored: Stored[University]) -> UniversityShown:
    return UniversityShown(
        id=stored.id,
        version=stored.version,
        name=stored.state.name,
        aliases=list(stored.state.aliases),
    )


def _receipt(stored: Stored[University]) -> dict[str, Any]:
    return _show(stored).model_dump()
