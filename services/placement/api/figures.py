"""Placement in figures: by university and by district, without any person."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from kentongan.domain.calendar import Calendar
from kentongan.http import Caller, Role, reading
from services.placement.api.scopes import cohorts_in_scope
from services.placement.placing.figures import placement_figures
from services.placement.read_models import KimDirectory
from services.placement.stores import Stores


class UniversityFiguresShown(BaseModel):
    """A university's students in this cohort by status."""

    university_id: str
    quota: int
    enrolled: int
    briefed: int
    assigned: int
    flagged: int
    completed: int
    withdrawn: int


class DistrictFiguresShown(BaseModel):
    """A district's groups and students."""

    district_code: str
    district_name: str
    kims: int = Field(description="Dapat menerima mahasiswa. / Can have students.")
    kims_with_students: int
    students: int


class PlacementShown(BaseModel):
    """A cohort in figures."""

    cohort_id: str
    universities: list[UniversityFiguresShown]
    districts: list[DistrictFiguresShown]


def figures_router(stores: Stores, kims: KimDirectory, calendar: Calendar) -> APIRouter:
    """The figures of placement."""
    router = APIRouter(tags=["cohorts"])

    @router.get("/cohorts/{cohort_id}/placement", response_model=PlacementShown)
    async def get_placement(
        cohort_id: str,
        caller: Annotated[Caller, Depends(reading(Role.DISKOMINFO, Role.CAMPUS))],
    ) -> PlacementShown:
        """Penempatan per universitas dan kecamatan. / Placement by university and district."""
        cohort = await stores.cohorts.load_within(cohort_id, cohorts_in_scope(caller))
        figures = await placement_figures(stores, kims, calendar, cohort_id, cohort.state)
        statuses = UniversityFiguresShown.model_fields.keys() - {"university_id"}
        return PlacementShown(
            cohort_id=cohort_id,
            universities=[
                UniversityFiguresShown(
                    university_id=university_id, **{each: counted[each] for each in statuses}
                )
                for university_id, counted in figures.universities.items()
            ],
            districts=[
                DistrictFiguresShown(
                    district_code=code,
                    district_name=district.name,
                    kims=district.kims,
                    kims_with_students=district.kims_with_students,
                    students=district.students,
                )
                for code, district in figures.districts.items()
            ],
        )

    return router
