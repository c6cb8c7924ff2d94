"""Types of fields that the payloads of several services share."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

LINE = r"^[^\x00-\x1f\x7f\ufffe\uffff]*[^\x00-\x20\x7f\ufffe\uffff][^\x00-\x1f\x7f\ufffe\uffff]*$"
"""One line that holds more than spaces, of signs that XML can hold."""
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]*$"
"""Text of any number of lines, of such signs."""
FIRST_DAY, DAY_AFTER_LAST = date(2000, 1, 1), date(2100, 1, 1)
EARLIEST = datetime.combine(FIRST_DAY, time.min, UTC)
LATEST = datetime.combine(DAY_AFTER_LAST, time.min, UTC)

Moment = Annotated[
    AwareDatetime,
    Field(ge=EARLIEST, lt=LATEST),
    AfterValidator(lambda given: given.astimezone(UTC)),
]
"""A moment with its offset, kept in UTC."""
Day = Annotated[date, Field(ge=FIRST_DAY, lt=DAY_AFTER_LAST)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=LINE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE)]
Remark = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=LINES)]
"""A reason or a comment."""
