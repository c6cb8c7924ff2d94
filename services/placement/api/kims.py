"""The groups as placement knows them, and whether each can have students today."""

from fastapi import APIRouter
from pydantic import Field

from kentongan.domain.calendar import Calendar
from kentongan.kims import routes
from kentongan.kims.directory import KimDirectory, KnownKim
from services.placement.domain.kims import standing


class KimShown(routes.KimShown):
    """A group's public facts, and what placement makes of them."""

    accepts_students: bool
    flag: str | None = Field(description="Mengapa tidak menerima. / Why it accepts none.")


def kims_router(kims: KimDirectory, calendar: Calendar) -> APIRouter:
    """Queries over the directory of groups."""

    def show_kim(known: KnownKim) -> KimShown:
        flag = standing(known.kim, calendar.today(known.kim.region_code))
        return KimShown(
            **routes.show_kim(known).model_dump(),
            accepts_students=flag is None,
            flag=flag.value if flag else None,
        )

    return routes.kims_router(kims, show=show_kim, shown_as=KimShown)
