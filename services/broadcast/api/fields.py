"""Fields that several payloads share."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from kentongan.domain import kims

LINE = r"^[^\x00-\x1f\x7f\ufffe\uffff]*[^\x00-\x20\x7f\ufffe\uffff][^\x00-\x1f\x7f\ufffe\uffff]*$"
"""One line that holds more than spaces, of signs that XML can hold."""
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

Moment = Annotated[
    AwareDatetime,
    Field(ge=EARLIEST, lt=LATEST),
    AfterValidator(lambda given: given.astimezone(UTC)),
]
"""A moment with its offset, kept in UTC."""
Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40),
    Field(examples=["kesehatan"]),
]
Potential = Annotated[kims.Potential, Field(examples=["kuliner"])]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)]
Remark = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=LINE)]
Url = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d{1,5})?([/?#][!-~]*)?$",
    ),
    Field(examples=["https://tangerangkota.example.id/imunisasi"]),
]
