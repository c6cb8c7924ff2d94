"""Fields that several payloads share."""

from typing import Annotated

from pydantic import Field, StringConstraints

from kentongan.domain.regions import CityRegionCode
from kentongan.http.requests.fields import LINES

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
Summary = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=LINES)]
StageNumber = Annotated[int, Field(ge=1, le=6)]
Region = Annotated[CityRegionCode, Field(examples=["36.71"])]
Link = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d{1,5})?([/?#][^\s\x00-\x1f\x7f]*)?$",
    ),
    Field(examples=["https://kim-gerendeng.example.id/lapak"]),
]
