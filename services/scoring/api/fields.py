"""Fields that several payloads share."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from kentongan.domain.regions import CityRegionCode

CONTROL_FREE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

Moment = Annotated[
    AwareDatetime,
    Field(ge=EARLIEST, lt=LATEST),
    AfterValidator(lambda given: given.astimezone(UTC)),
]
"""A moment with its offset, kept in UTC."""
Day = Annotated[date, Field(ge=EARLIEST.date(), lt=LATEST.date())]
Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60),
    Field(examples=["kreativitas"]),
]
JudgeId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$", max_length=60),
    Field(examples=["juri-7f3a"], description="Kode juri, bukan nama. / A code, not a name."),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=CONTROL_FREE)]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=CONTROL_FREE)]
Remark = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=CONTROL_FREE)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=CONTROL_FREE)]
StageNumber = Annotated[int, Field(ge=1, le=6)]
Region = Annotated[CityRegionCode, Field(examples=["36.71"])]
Link = Annotated[
    str,
    StringConstraints(
        max_length=500, pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d{1,5})?([/?#]\S*)?$"
    ),
    Field(examples=["https://kim-gerendeng.example.id/lapak"]),
]
