"""Assignments as broadcast knows them: opaque ids, for diskominfo to compare."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.domain.regions import region_pattern
from kentongan.http import Caller, Page, PageQuery, Role, reading
from services.broadcast.domain.assignments import AssignmentStatus
from services.broadcast.read_models import AssignmentDirectory, KnownAssignment


class AssignmentQuery(PageQuery):
    """Filters of the list of assignments."""

    status: AssignmentStatus | SkipJsonSchema[None] = None


class AssignmentShown(BaseModel):
    """An assignment."""

    id: str
    version: int = Field(description="Versi di penempatan. / Placement's version known here.")
    changed_at: datetime
    status: str
    kim_id: str


def assignments_router(assignments: AssignmentDirectory) -> APIRouter:
    """Queries over the directory of assignments."""
    router = APIRouter(prefix="/assignments", tags=["assignments"])

    @router.get("", response_model=Page[AssignmentShown])
    async def list_assignments(
        query: Annotated[AssignmentQuery, Query()],
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO))],
    ) -> Page[AssignmentShown]:
        """Penempatan yang dikenal siaran. / The assignments that broadcast knows."""
        within: dict[str, Any] = {"entry.region_code": {"$regex": region_pattern(caller.region)}}
        wanted = [within, query.after_id()]
        if query.status is not None:
            wanted.append({"entry.status": query.status.value})
        found = await assignments.page({"$and": wanted}, query.fetch)
        return query.page(found, _show, lambda known: (known.assignment.enrolment_id,))

    return router


def _show(known: KnownAssignment) -> AssignmentShown:
    return AssignmentShown(
        id=known.assignment.enrolment_id,
        version=known.version,
        changed_at=known.changed_at,
        status=known.assignment.status,
        kim_id=known.assignment.kim_id,
    )
