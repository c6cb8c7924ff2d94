"""Fields that several payloads share."""

from typing import Annotated

from pydantic import Field, StringConstraints

from kentongan.domain import kims
from kentongan.http.requests.fields import LINE

Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40),
    Field(examples=["kesehatan"]),
]
Potential = Annotated[kims.Potential, Field(examples=["kuliner"])]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)]
Remark = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINE)]
"""One line, as it may be shown to the public."""
Url = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:\d{1,5})?([/?#][!-~]*)?$",
    ),
    Field(examples=["https://tangerangkota.example.id/imunisasi"]),
]
